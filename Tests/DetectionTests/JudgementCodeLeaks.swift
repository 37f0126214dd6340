// Lines of code and configuration that leak a secret, between `«` and `»`.

/// One line each; `⏎` is a line end.
let codeLeaks = #"""
    password = "«{pw}»"
    PASSWORD = '«{pw}»'
    db_password: "«{pw}»"
    const password = "«{pw}»";
    let dbPassword = '«{pw}»';
    var adminPassword: string = "«{pw}»";
    private static final String PASSWORD = "«{pw}»";
    String dbPassword = "«{pw}»";
    public const string Password = "«{pw}»";
    static const char *password = "«{pw}»";
    char password[] = "«{pw}»";
    char wifi_password[64] = "«{pw}»";
    #define WIFI_PASSWORD "«{pw}»"
    std::string password = "«{pw}»";
    password := "«{pw}»"
    var dbPassword string = "«{pw}»"
    const Password string = "«{pw}»"
    let password: &str = "«{pw}»";
    const DB_PASSWORD: &'static str = "«{pw}»";
    let password = String::from("«{pw}»");
    let password = "«{pw}»".to_string();
    let password: String = "«{pw}»"
    static let apiPassword = "«{pw}»"
    val password = "«{pw}»"
    val password: String = "«{pw}»"
    private val dbPassword: String? = "«{pw}»"
    $password = '«{pw}»';
    $db_password = "«{pw}»";
    $this->password = '«{pw}»';
    define('DB_PASSWORD', '«{pw}»');
    define( 'DB_PASSWORD', '«{pw}»' );
    'password' => '«{pw}»',
    "password" => "«{pw}»",
    :password => '«{pw}»',
    password: '«{pw}»',
    'password' => env('DB_PASSWORD', '«{pw}»'),
    @password = "«{pw}»"
    my $password = '«{pw}»';
    $config['password'] = '«{pw}»';
    config["password"] = "«{pw}»"
    app.config['MAIL_PASSWORD'] = '«{pw}»'
    os.environ["DB_PASSWORD"] = "«{pw}»"
    ENV['DB_PASSWORD'] = '«{pw}»'
    process.env.DB_PASSWORD = '«{pw}»';
    const pass = process.env.DB_PASSWORD || '«{pw}»';
    const pass = process.env["DB_PASSWORD"] || "«{pw}»";
    password = os.getenv("DB_PASSWORD", "«{pw}»")
    password = os.environ.get('DB_PASSWORD', '«{pw}»')
    DB_PASSWORD = os.getenv('DB_PASSWORD') or '«{pw}»'
    let password = env["DB_PASSWORD"] ?? "«{pw}»"
    pwd = ENV.fetch("DB_PASSWORD", "«{pw}»")
    password = config('DB_PASSWORD', default='«{pw}»')
    setPassword("«{pw}»");
    user.setPassword("«{pw}»");
    ds.setPassword("«{pw}»");
    config.password("«{pw}»")
    .password("«{pw}»")
    .withPassword("«{pw}»")
    props.setProperty("password", "«{pw}»");
    props.put("db.password", "«{pw}»");
    map.put("password", "«{pw}»");
    { "password", "«{pw}»" },
    def connect(user="root", password="«{pw}»"):
    conn = psycopg2.connect(host="db", user="app", password="«{pw}»")
    connect(host: "db", password: "«{pw}»")
    mysql.createConnection({ host: 'db', user: 'app', password: '«{pw}»' })
    pymysql.connect(host="db", user="app", passwd="«{pw}»")
    new NetworkCredential("app", password: "«{pw}»")
    password = SecretStr("«{pw}»")
    auth = {"username": "admin", "password": "«{pw}»"}
    "password": "«{pw}»",
    "dbPassword": "«{pw}»"
    'smtp_password': '«{pw}»',
    {"user":"app","password":"«{pw}»","host":"db"}
    "{\"user\":\"app\",\"password\":\"«{pw}»\"}"
    "password" : "«{pw}»"
    "Password": "«{pw}»"
    <password>«{pw}»</password>
    <Password>«{pw}»</Password>
    <db:password>«{pw}»</db:password>
    <dbPassword>«{pw}»</dbPassword>
    <add key="Password" value="«{pw}»"/>
    <add key="SmtpPassword" value="«{pw}»" />
    <property name="password" value="«{pw}»"/>
    <property name="password">«{pw}»</property>
    <property name="hibernate.connection.password">«{pw}»</property>
    <entry key="password">«{pw}»</entry>
    <param name="password" value="«{pw}»"/>
    <key>password</key>⏎	<string>«{pw}»</string>
    <Resource name="jdbc/app" username="app" password="«{pw}»"/>
    <user username="deploy" password="«{pw}»" roles="manager-gui"/>
    <setting name="Password" serializeAs="String"><value>«{pw}»</value></setting>
    spring.datasource.password=«{pw}»
    spring.datasource.password = «{pw}»
    jdbc.password=«{pw}»
    db.password=«{pw}»
    password=«{pw}»
    password = «{pw}»
    Password=«{pw}»
    ftp_password=«{pw}»
    rootpw=«{pw}»
    smtp_pass = «{pw}»
    requirepass «{pw}»
    password: «{pw}»
    db_password: «{pw}»
      password: «{pw}»
      MYSQL_ROOT_PASSWORD: «{pw}»
      - POSTGRES_PASSWORD=«{pw}»
      ansible_password: «{pw}»
      rootPassword: "«{pw}»"
    export DB_PASSWORD=«{pw}»
    export DB_PASSWORD="«{pw}»"
    DB_PASSWORD="«{pw}»" ./run.sh
    PGPASSWORD=«{pw}» psql -h db
    set DB_PASSWORD=«{pw}»
    ENV DB_PASSWORD=«{pw}»
    ENV DB_PASSWORD «{pw}»
    ARG ROOT_PASSWORD=«{pw}»
    mysql --user=app --password=«{pw}» shop
    mongo --username app --password «{pw}» db
    docker run -e MYSQL_ROOT_PASSWORD=«{pw}» mysql
    docker login -u ci --password '«{pw}»'
    sshpass_password="«{pw}»"
    machine api.host.io login deploy password «{pw}»
    CREATE USER app WITH PASSWORD '«{pw}»';
    ALTER ROLE app PASSWORD '«{pw}»';
    storePassword '«{pw}»'
    keyPassword "«{pw}»"
    storePassword = "«{pw}»"
    $Password = ConvertTo-SecureString "«{pw}»"⏎
    passphrase = "«{pw}»"
    ssl_key_passphrase: '«{pw}»'
    Dim password As String = "«{pw}»"
    local password = "«{pw}»"
    password <- "«{pw}»"
    (def password "«{pw}»")
    NSString *password = @"«{pw}»";
    password = u"«{pw}»"
    password = b"«{pw}»"
    password = r"«{pw}»"
    "Server=db;Database=shop;User Id=app;Password=«{pw}»;"
    "Data Source=db;uid=app;pwd=«{pw}»;Pooling=true"
    connectionString="Server=db;User=sa;Password=«{pw}»"
    jdbc:sqlserver://db:1433;user=app;password=«{pw}»;encrypt=true
    "host=db port=5432 user=app password=«{pw}» dbname=shop"
    password:⏎  "«{pw}»"
    const char* kPassword = "«{pw}»";
    db_pwd = "«{pw}»"
    userPass: "«{pw}»"
    api_key = "«{an:32}»"
    apiKey: '«{low:32}»',
    API_KEY = "«{hex:32}»"
    const API_KEY = '«{url:40}»';
    "api_key": "«{an:24}»"
    "apiKey": "«{hex:40}»",
    api-key: «{an:32}»
    x-api-key: «{an:40}»
    headers = {"X-Api-Key": "«{an:40}»"}
    req.Header.Set("X-API-Key", "«{an:36}»")
    curl -H "X-Api-Key: «{an:40}»" host
    client_secret = "«{url:32}»"
    clientSecret: "«{an:40}»"
    CLIENT_SECRET: '«{b64:44}»'
    <clientSecret>«{an:40}»</clientSecret>
    <string name="api_key">«{an:32}»</string>
    <add key="ApiKey" value="«{hex:32}»"/>
    secret_key = '«{an:50}»'
    SECRET_KEY = "«{b64:50}»"
    secretKey: «{an:40}»
    aws_secret_access_key = «{b64:40}»
    aws_secret_access_key: "«{b64:40}»"
    "secretAccessKey": "«{b64:40}»"
    app.secret_key = "«{hex:48}»"
    app.secret_key = '«{an:24}»'
    config.secret_key_base = '«{hex:128}»'
    secret_key_base: «{hex:128}»
    jwt_secret: "«{an:32}»"
    JWT_SECRET = '«{hex:64}»'
    session({ secret: '«{an:30}»', resave: false })
    cookieSecret: "«{an:32}»"
    const TOKEN = "«{an:40}»";
    token = '«{hex:40}»'
    auth_token = "«{hex:32}»"
    authToken: '«{an:32}»'
    access_token: "«{url:64}»"
    "access_token": "«{an:48}»"
    "refresh_token": "«{url:60}»"
    bot_token = "«{url:59}»"
    token: «{hex:40}»
    TOKEN=«{an:40}»
    export API_TOKEN=«{an:40}»
    export SECRET="«{an:24}»"
    --token «{hex:40}»
    --api-key=«{an:32}»
    encryption_key = "«{b64:43}=»"
    ENCRYPTION_KEY: "«{hex:64}»"
    private_key = "«{hex:64}»"
    privateKey: "0x«{hex:64}»"
    master_key: «{hex:32}»
    account_key = "«{b64:86}==»"
    DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=«{b64:86}==»;
    signing_key: "«{an:40}»"
    webhook_secret = "«{hex:40}»"
    license_key = "«{an:40}»"
    consumer_secret = "«{an:50}»"
    oauth_token_secret: '«{an:45}»'
    secret: «{hex:64}»
    secret: '«{an:20}»'
    "secret": "«{an:32}»",
    credential = "«{an:32}»"
    api_secret: "«{an:27}»"
    mapsApiKey = "«{url:39}»"
    googleApiKey: '«{url:39}»'
    SENDER_API_KEY = "«{uuid}»"
    client_secret: "«{uuid}»"
    //registry.host.io/:_authToken=«{uuid}»
    //registry.host.io/:_authToken=«{an:36}»
    _authToken=«{url:40}»
    oauth_token: «{hex:40}»
    machine host.io⏎  login me⏎  password «{pw}»
    set imap_pass = "«{pw}»"
    <Pass encoding="base64">«{b64:15}=»</Pass>
    "userPassword" : "«{pw}»",
    "sshUserPassword" : "«{pw}»"
    "pass": "«{pw}»",
    AdminPassword=«{pw}»
    $dbpasswd = '«{pw}»';
    $cfg['Servers'][$i]['password'] = '«{pw}»';
    strPassword = "«{pw}»"
    define('AUTH_KEY', '«{salt:64}»');
    define( 'LOGGED_IN_SALT',  '«{salt:64}»' );
    define('SECURE_AUTH_KEY',  '«{salt:64}»');
    "auth": "«{basic}»"
    _auth = «{basic}»
    Authorization: Basic «{basic}»
    curl -H "Authorization: Basic «{basic}»" host
    curl -H "Authorization: Bearer «{an:40}»" host
    "Authorization": "Bearer «{url:48}»"
    headers = {'Authorization': 'token «{hex:40}»'}
    req.Header.Set("Authorization", "Bearer «{an:40}»")
    - name: DB_PASSWORD⏎  value: «{pw}»
    - name: DB_PASSWORD⏎  value: "«{pw}»"
    {"name": "DB_PASSWORD", "value": "«{pw}»"}
    { "name": "API_TOKEN",⏎  "value": "«{an:40}»" }
    variable "db_password" {⏎  type = string⏎  default = "«{pw}»"⏎}
    host1 ansible_user=root ansible_ssh_pass=«{pw}»
    "HEROKU_API_KEY": "«{uuid}»"
    stripe_key = "«{an:32}»"
    ALGOLIA_ADMIN_KEY: '«{hex:32}»'
    secret_key = «{b64:40}»
    config.secret_token = '«{hex:128}»'
    config :shop, secret_key_base: "«{b64:64}»"
    postgres://app:«{pw:8}»@db.host.io:5432/shop
    url = "mysql://root:«{an:12}»@localhost/shop"
    mongodb+srv://app:«{an:16}»@cluster0.abcde.mongodb.net/shop
    redis://:«{hex:24}»@cache:6379/0
    amqp://worker:«{an:14}»@mq:5672/
    https://deploy:«{hex:40}»@git.host.io/team/app.git
    smtp://mailer:«{an:10}»@smtp.host.io:587
    "postgresql://shop:«{an:12}»@10.0.0.5/shop?sslmode=require"
    """#
