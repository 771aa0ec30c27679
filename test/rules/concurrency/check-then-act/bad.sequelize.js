import { Sequelize } from 'sequelize';
import { Account } from './models';

const sequelize = new Sequelize(process.env.DATABASE_URL);

export async function withdraw(id, amount) {
  const account = await Account.findByPk(id);
  if (account.balance < amount) throw new Error('insufficient funds');
  account.balance -= amount;
  await account.save(); // want `only one of the two is counted`
}

export async function managed(id, amount) {
  const t = await sequelize.transaction();
  try {
    const account = await Account.findOne({ where: { id }, transaction: t });
    if (account.balance < amount) throw new Error('insufficient funds');
    await Account.update({ balance: account.balance - amount }, { where: { id }, transaction: t }); // want `The transaction on line 14 does not prevent it`
    await t.commit();
  } catch (error) {
    await t.rollback();
    throw error;
  }
}
