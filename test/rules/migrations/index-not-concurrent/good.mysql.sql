-- path: services/mysql/migrations/0002_index.sql
CREATE INDEX users_email ON users (email);
ALTER TABLE `users` ENGINE=InnoDB;
-- file: base/services/mysql/migrations/0001_users.sql
CREATE TABLE `users` (`id` int AUTO_INCREMENT PRIMARY KEY, email text);
