import type { Adapter } from '../recognise.js';
import { cache } from './cache.js';
import { drizzle } from './drizzle.js';
import { effects } from './effects.js';
import { files } from './files.js';
import { knex } from './knex.js';
import { kysely } from './kysely.js';
import { mikroOrm } from './mikro-orm.js';
import { mongoose } from './mongoose.js';
import { objection } from './objection.js';
import { postgrest } from './postgrest.js';
import { prisma } from './prisma.js';
import { rawSql } from './raw-sql.js';
import { repository } from './repository.js';
import { sequelize } from './sequelize.js';
import { typeorm } from './typeorm.js';

/** Every library that is understood; the first that recognises a call has it. The vaguer ones come last. */
export const ADAPTERS: readonly Adapter[] = [drizzle, kysely, mikroOrm, postgrest, objection, prisma, typeorm, sequelize, mongoose, knex, rawSql, cache, files, repository, effects];
