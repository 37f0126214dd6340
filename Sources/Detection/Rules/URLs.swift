// URLs that carry a password: databases, brokers, caches, directories, servers.

extension Rule {
    static let urls: [Rule] = [
        url(
            "postgres-url", "PostgreSQL URL with a password", "PostgreSQL",
            [
                "postgres", "postgresql", "postgresql+psycopg2", "postgresql+psycopg", "postgresql+asyncpg", "postgis",
                "cockroachdb",
            ],
            revocation: "ALTER ROLE name PASSWORD 'new'",
            reference: "https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS"),
        url(
            "mysql-url", "MySQL or MariaDB URL with a password", "MySQL",
            [
                "mysql", "mysql2", "mysqlx", "mariadb", "mysql+pymysql", "mysql+mysqldb", "mysql+aiomysql",
                "mysql+mysqlconnector",
            ],
            revocation: "ALTER USER name IDENTIFIED BY 'new'",
            reference: "https://dev.mysql.com/doc/refman/en/connecting-using-uri-or-key-value-pairs.html"),
        url(
            "mongodb-url", "MongoDB URL with a password", "MongoDB", ["mongodb", "mongodb+srv"],
            revocation: "db.changeUserPassword()",
            reference: "https://www.mongodb.com/docs/manual/reference/connection-string/"),
        url(
            "redis-url", "Redis URL with a password", "Redis", ["redis", "rediss", "valkey", "valkeys"],
            revocation: "ACL SETUSER name >new",
            reference: "https://www.iana.org/assignments/uri-schemes/prov/redis"),
        url(
            "amqp-url", "AMQP URL with a password", "RabbitMQ", ["amqp", "amqps"],
            revocation: "rabbitmqctl change_password name", reference: "https://www.rabbitmq.com/docs/uri-spec"),
        url(
            "sql-server-url", "SQL Server URL with a password", "Microsoft",
            ["mssql", "sqlserver", "mssql+pyodbc", "mssql+pymssql"],
            revocation: "ALTER LOGIN name WITH PASSWORD = 'new'",
            reference: "https://learn.microsoft.com/en-us/sql/connect/jdbc/building-the-connection-url"),
        url(
            "database-url", "Database URL with a password", "",
            [
                "clickhouse", "clickhouses", "oracle", "oracle+cx_oracle", "cassandra", "neo4j", "neo4j+s", "bolt",
                "bolt+s", "couchdb",
                "influxdb", "snowflake", "redshift", "vertica", "trino", "presto", "hive", "libsql", "surrealdb",
                "memcached", "memcache",
            ],
            revocation: "Change the password on the server that the URL points to.",
            reference: "https://12factor.net/config"),
        url(
            "broker-url", "Message broker URL with a password", "",
            ["nats", "kafka", "kafka+ssl", "stomp", "mqtt", "mqtts", "pulsar", "pulsar+ssl", "zmq"],
            revocation: "Change the password on the broker that the URL points to.",
            reference: "https://12factor.net/config"),
        url(
            "ldap-url", "LDAP URL with a password", "", ["ldap", "ldaps"],
            revocation: "Change the bind password in the directory.",
            reference: "https://www.rfc-editor.org/rfc/rfc4516"),
        url(
            "ftp-url", "FTP or SSH URL with a password", "", ["ftp", "ftps", "sftp", "ssh", "scp"],
            revocation: "Change the password of the account on that server.",
            reference: "https://www.rfc-editor.org/rfc/rfc1738"),
        url(
            "mail-url", "Mail server URL with a password", "",
            ["smtp", "smtps", "smtp+tls", "submission", "imap", "imaps"],
            revocation: "Change the password of the account on that server.",
            reference: "https://www.rfc-editor.org/rfc/rfc5092"),
        url(
            "cloudinary-url", "Cloudinary URL", "Cloudinary", ["cloudinary"],
            revocation: "https://console.cloudinary.com/settings/api-keys",
            reference: "https://cloudinary.com/documentation/finding_your_credentials_tutorial"),
        // Last, so that the rules above name what they know. The anchor is cheap to reject: most URLs have no `@`.
        Rule(
            id: "url-password", title: "URL with a password", provider: "", severity: .high,
            anchors: ["://"], confirmation: .urlPassword,
            revocation: "Change the password of the account on that server.",
            references: ["https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1"],
            examples: {
                [
                    "curl https://deploy:«\(Fake.alphanumeric(16, seed: 1))»@registry.acme.io/v2/\n",
                    "proxy = \"http://user1:«\(Fake.alphanumeric(12, seed: 2))»@10.0.0.7:3128\"\n",
                    "url = https://oauth2:«\(Fake.base64URL(26, seed: 3))»@git.acme.io/team/app.git\n",
                ]
            },
            counterexamples: {
                [
                    "See https://acme.io:8443/path?mail=user@acme.io\n",
                    "git clone https://user@git.acme.io/app.git\n",
                    "<a href=\"https://acme.io/@someone\">\n",
                ]
            }
        ),
    ]

    private static func url(
        _ id: String, _ title: String, _ provider: String, _ schemes: [String], revocation: String, reference: String
    ) -> Rule {
        let first = schemes.first ?? ""
        let last = schemes.last ?? ""
        return Rule(
            id: id, title: title, provider: provider, severity: .high,
            anchors: schemes.map { Anchor($0 + "://") }, confirmation: .urlPassword,
            revocation: revocation, references: [reference],
            examples: {
                [
                    "\(first.uppercased())_URL=\(first)://app:«\(Fake.alphanumeric(14, seed: 1))»@db-1.acme.io:5432/shop\n",
                    "url: \"\(last)://svc_app:«\(Fake.base64URL(20, seed: 2))»@10.1.2.3/main?timeout=5\"\n",
                ]
            },
            counterexamples: {
                [
                    "URL=\(first)://localhost:5432/shop\n",
                    "URL=\(first)://app@db-1.acme.io/shop\n",
                    "URL=\(first)://app:<password>@db-1.acme.io/shop\n",
                ]
            }
        )
    }
}
