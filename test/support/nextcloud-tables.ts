/** Nextcloud's own definitions, as its migrations make them: PostgreSQL's from `\d` on 31.0.2, 33.0.3 and 34.0.1 (all alike). */
export const postgresTables = `
CREATE TABLE oc_authtoken (
  id bigserial PRIMARY KEY,
  uid varchar(64) NOT NULL DEFAULT '',
  login_name varchar(255) NOT NULL DEFAULT '',
  password text,
  name text NOT NULL DEFAULT '',
  token varchar(200) NOT NULL DEFAULT '',
  type smallint DEFAULT 0,
  remember smallint DEFAULT 0,
  last_activity integer DEFAULT 0,
  last_check integer DEFAULT 0,
  scope text,
  expires integer,
  private_key text,
  public_key text,
  version smallint NOT NULL DEFAULT 1,
  password_invalid boolean DEFAULT false,
  password_hash varchar(255) DEFAULT NULL
);
CREATE INDEX authtoken_last_activity_idx ON oc_authtoken (last_activity);
CREATE UNIQUE INDEX authtoken_token_index ON oc_authtoken (token);
CREATE INDEX authtoken_uid_index ON oc_authtoken (uid);
CREATE TABLE oc_preferences (
  userid varchar(64) NOT NULL DEFAULT '',
  appid varchar(32) NOT NULL DEFAULT '',
  configkey varchar(64) NOT NULL DEFAULT '',
  configvalue text,
  lazy smallint NOT NULL DEFAULT 0,
  type smallint NOT NULL DEFAULT 0,
  flags integer NOT NULL DEFAULT 0,
  indexed varchar(64) DEFAULT '',
  PRIMARY KEY (userid, appid, configkey)
);
CREATE INDEX prefs_app_key_ind_fl_i ON oc_preferences (appid, configkey, indexed, flags);
CREATE INDEX prefs_uid_lazy_i ON oc_preferences (userid, lazy);`

const mysqlOptions = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin ROW_FORMAT=DYNAMIC'

/** MySQL's and MariaDB's, by the same migrations (core/Migrations) and Doctrine's types there. */
export const mysqlTables = [
  `CREATE TABLE oc_authtoken (
  id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
  uid varchar(64) NOT NULL DEFAULT '',
  login_name varchar(255) NOT NULL DEFAULT '',
  password longtext DEFAULT NULL,
  name longtext NOT NULL,
  token varchar(200) NOT NULL DEFAULT '',
  type smallint(5) unsigned DEFAULT 0,
  remember smallint(5) unsigned DEFAULT 0,
  last_activity int(10) unsigned DEFAULT 0,
  last_check int(10) unsigned DEFAULT 0,
  scope longtext DEFAULT NULL,
  expires int(10) unsigned DEFAULT NULL,
  private_key longtext DEFAULT NULL,
  public_key longtext DEFAULT NULL,
  version smallint(5) unsigned NOT NULL DEFAULT 1,
  password_invalid tinyint(1) DEFAULT 0,
  password_hash varchar(255) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY authtoken_token_index (token),
  KEY authtoken_last_activity_idx (last_activity),
  KEY authtoken_uid_index (uid)
) ${mysqlOptions}`,
  `CREATE TABLE oc_preferences (
  userid varchar(64) NOT NULL DEFAULT '',
  appid varchar(32) NOT NULL DEFAULT '',
  configkey varchar(64) NOT NULL DEFAULT '',
  configvalue longtext DEFAULT NULL,
  lazy smallint(5) unsigned NOT NULL DEFAULT 0,
  type smallint(5) unsigned NOT NULL DEFAULT 0,
  flags int(10) unsigned NOT NULL DEFAULT 0,
  indexed varchar(64) DEFAULT '',
  PRIMARY KEY (userid, appid, configkey),
  KEY prefs_app_key_ind_fl_i (appid, configkey, indexed, flags),
  KEY prefs_uid_lazy_i (userid, lazy)
) ${mysqlOptions}`
]

/** What docs/CONFIGURATION.md tells people to grant. @param to the role, as that database writes it */
export const grants = (to: string, schema = '') => [
  `GRANT SELECT (id, uid, name, type, last_activity), DELETE ON ${schema}oc_authtoken TO ${to}`,
  `GRANT SELECT (userid, appid, configkey), DELETE ON ${schema}oc_preferences TO ${to}`
]
