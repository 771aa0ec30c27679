CREATE TABLE a_table_whose_name_has_exactly_sixty_three_characters_in_all_xy (id bigint PRIMARY KEY);
ALTER TABLE notes ADD CONSTRAINT notes_workspace_notification_subscription_id_workspace_notification_id_fk FOREIGN KEY (user_id) REFERENCES users (id) NOT VALID;
COMMENT ON TABLE notes IS 'a_text_that_is_longer_than_sixty_three_characters_and_is_not_a_name_at_all';
-- file: base/db/migrations/0001_all.sql
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint);
