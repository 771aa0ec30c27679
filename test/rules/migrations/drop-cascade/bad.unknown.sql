-- path: supabase/migrations/20240102000000_legacy.sql
drop table legacy_users cascade; -- want `On line 2 CASCADE drops whatever depends on table .legacy_users., and the migrations do not show what that is`
-- file: base/supabase/migrations/20240101000000_init.sql
create table users (id bigint primary key);
