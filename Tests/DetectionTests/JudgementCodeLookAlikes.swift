// Lines of ordinary code and configuration that speak of secrets and hold none.

/// One line each; `⏎` is a line end.
let codeLookAlikes = #"""
    password: "Password",
    "password": "Passwort",
    "password": "Mot de passe",
    "forgot_password": "Forgot your password?",
    "passwordHint": "At least 8 characters",
    "password.confirm": "Confirm password",
    "errors.password.short": "Password must be at least 8 characters long",
    "password": "パスワード",
    "invalid_token": "The token is invalid or has expired.",
    "token": "Token",
    password: "The password field is required.",
    password_label = "Password:"
    passwordPlaceholder="Enter your password"
    placeholder="Password"
    <label for="password">Password</label>
    <input type="password" name="password" id="password" placeholder="••••••••">
    <input type="password" autocomplete="current-password" />
    <input name="password" value="">
    <Password label="Password" />
    <password></password>
    <password>${db.password}</password>
    <token>string</token>
    <xs:element name="password" type="xs:string"/>
    type = "password"
    inputType="textPassword"
    android:inputType="textPassword"
    password = None
    password = null;
    password = nil
    password = ""
    password = ''
    password: undefined,
    password: String
    password: string;
    password: string,
    password?: string;
    password: Optional[str] = None
    password: &str,
    password String `json:"password"`
    Password string `json:"password,omitempty"`
    Token     string `yaml:"token"`
    func login(user: String, password: String) -> Bool
    def login(user, password=None, token=None):
    fn set_password(&mut self, password: &str) {
    public void setPassword(String password) {
    this.password = password;
    self.password = password
    self.token = token or self._token
    this.apiKey = options.apiKey;
    password = getPassword()
    password = getpass.getpass("Password: ")
    password = input("Enter password: ")
    password = prompt("Password?")
    password = os.environ["DB_PASSWORD"]
    password = os.getenv("DB_PASSWORD")
    password = os.getenv('DB_PASSWORD', '')
    password = process.env.DB_PASSWORD
    const token = process.env.API_TOKEN || '';
    let apiKey = ProcessInfo.processInfo.environment["API_KEY"] ?? ""
    password: process.env.DB_PASSWORD,
    password: ${DB_PASSWORD}
    password: ${DB_PASSWORD:-postgres}
    password: "${DB_PASSWORD}"
    password: {{ vault_db_password }}
    password: "{{ lookup('env', 'DB_PASSWORD') }}"
    password: !vault |
    password: !Ref DbPassword
    password: ENC[AES256_GCM,data:{b64:24},iv:{b64:43}=,tag:{b64:22}==,type:str]
    password: $DB_PASSWORD
    password=$DB_PASSWORD
    PASSWORD="$1"
    export DB_PASSWORD=$(cat /run/secrets/db)
    export TOKEN=`cat token.txt`
    ENV DB_PASSWORD=${DB_PASSWORD}
    password = var.db_password
    secret = data.aws_secretsmanager_secret.db.arn
    token = module.auth.token
    secretKeyRef: {name: db, key: password}
    secretName: app-tls
    secret_name: my-app-secret
    secretName: "registry-credentials"
    imagePullSecrets: [{name: regcred}]
    automountServiceAccountToken: false
    token_url: https://auth.host.io/oauth/token
    tokenUrl = "https://auth.host.io/oauth2/v1/token"
    "authUrl": "https://auth.host.io/authorize",
    password_file: /run/secrets/db_password
    POSTGRES_PASSWORD_FILE: /run/secrets/pg
    private_key_path = "~/.ssh/id_rsa"
    ssl_key: /etc/ssl/private/server.key
    private_key = "keys/server.pem"
    password = changeme
    password: changeme
    password = "changeme"
    password = "your_password"
    password = "your-password-here"
    password: "<password>"
    password: <your password>
    password = "********"
    password = "xxxxxxxx"
    password: "REPLACE_ME"
    api_key = "YOUR_API_KEY"
    api_key: "your-api-key-here"
    apiKey: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
    apiKey = "<API_KEY>"
    api_key = "..."
    token = "abc123"
    token = "1234567890"
    token = "TODO"
    secret = "secret"
    password = "password"
    password = "test"
    password = "foobar"
    password='secret'
    user = User(username="test", password="test")
    client.login(username="admin", password="password")
    User.objects.create_user("bob", password="secret")
    auth = ("user", "pass")
    password = "wrong-password"
    password = "invalid"
    const PASSWORD_RESET = "password_reset";
    const RESET_PASSWORD = 'RESET_PASSWORD';
    export const SET_TOKEN = 'auth/SET_TOKEN';
    case token = "access_token"
    TOKEN_TYPE = "Bearer"
    token_type: "bearer",
    grant_type = "password"
    "grant_type": "client_credentials",
    response_type: "token"
    authMethod: "client_secret_basic"
    password_hasher = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    AUTH_PASSWORD_VALIDATORS = "django.contrib.auth.password_validation"
    password_regex = "^(?=.*[A-Z])(?=.*[0-9]).{8,}$"
    PASSWORD_PATTERN = "[A-Za-z0-9]+"
    password: "%s"
    "password=%s"
    password = f"{user}-{salt}"
    password = `${user}:${pass}`
    "token": "{{token}}"
    "password": "#/definitions/Password"
    password: { type: String, required: true }
    password: yup.string().min(8)
    password: Joi.string().required(),
    password: z.string().min(8),
    password = models.CharField(max_length=128)
    password = serializers.CharField(write_only=True)
    t.string "password_digest", null: false
    password VARCHAR(255) NOT NULL
    password varchar(128)
    `password` varchar(255) COLLATE utf8mb4_general_ci
    passwordInput = document.getElementById("password")
    const passwordField = By.id("password-field");
    driver.find_element(By.NAME, "password").send_keys(pw)
    cy.get('[data-test=password]').type(password)
    $('#password').val()
    #password { color: red }
    .password-input { width: 100% }
    input[type="password"] { border: 0 }
    password_field = "user_password"
    "passwordField": "j_password",
    tokenHeader = "X-Auth-Token"
    API_KEY_HEADER = "X-Api-Key"
    headerName: "x-csrf-token"
    csrf_token = "csrfmiddlewaretoken"
    cookie_name = "session_token"
    SESSION_COOKIE = "sessionid"
    tokenKey = "auth_token"
    const tokenStorageKey = "app.auth.token";
    localStorage.setItem("token", token)
    localStorage.getItem("access_token")
    private static final String TOKEN_KEY = "access-token";
    scopes = ["token", "secret", "password"]
    keywords: ["password", "passwd", "secret"]
    SENSITIVE = ("password", "token", "api_key")
    if password == "":
    if (password === confirmPassword) {
    if key == "password":
    assert token == "expected_token"
    assertEquals("password", field.getName());
    raise ValueError("password: too short")
    log.info("password: {}", masked)
    print("Token: " + token)
    console.log('token:', token)
    throw new Error("Invalid password: must contain a digit");
    // password: the password of the user
    # token: your personal access token
    * @param password the user's password
    :param token: access token
    --password PASSWORD   the password to use
    --token TOKEN
    usage: login [--password-stdin]
    password-stdin: true
    tokenizer = "bert-base-uncased"
    tokenizer: "gpt2"
    "tokenizer_class": "BertTokenizer",
    max_tokens = 4096
    "max_tokens": 1024,
    pad_token = "<pad>"
    eos_token: "</s>"
    "unk_token": "[UNK]",
    next_page_token = "{an:40}"
    "nextToken": "{b64:60}",
    pageToken: "{url:32}"
    primary_key = "user_id"
    primaryKey: 'id',
    foreign_key = "author_id"
    sort_key: created_at
    cache_key = "users:{hex:32}"
    partitionKey = "pk"
    keyboard = "qwerty"
    monkey = "{hex:32}"
    author = "{an:32}"
    authority: "https://login.host.io/{uuid}"
    publicKey: "{b64:44}"
    public_key = "{b64:44}"
    publishableKey = "{an:32}"
    recaptcha_site_key = "6L{url:38}"
    sha256 = "{hex:64}"
    "integrity": "sha512-{b64:86}==",
    resolved "https://registry.host.io/x.tgz#{hex:40}"
    commit = "{hex:40}"
    revision: {hex:40}
    etag = "{hex:32}"
    checksum: "{hex:64}"
    uuid = "{uuid}"
    id: "{uuid}"
    tenant_id = "{uuid}"
    client_id = "{uuid}"
    "clientId": "{an:32}",
    client_id: {hex:32}
    token_hash = "{hex:64}"
    password_hash: "$2b$12${an:53}"
    secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-{an:6}"
    secret_id = "prod/db/password"
    secret: "op://vault/db/password"
    secret = "vault:secret/data/db#password"
    password: @Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/db)
    token_expires: 3600
    tokenExpiry = "15m"
    access_token_lifetime: "1h"
    password_min_length = 12
    PASSWORD_MAX_AGE=90
    password_policy: strict
    passwordStrength: "medium"
    password_last_changed: 2024-01-31
    pass_through = "enabled"
    bypass = "true"
    compass = "north-west"
    first_pass = "lexer"
    render_pass: "shadow"
    auth: basic
    auth = "oauth2"
    auth_type: "bearer"
    authenticator = "externalbrowser"
    authentication: required
    passwordEncoder = new BCryptPasswordEncoder();
    secretKey = KeyGenerator.getInstance("AES").generateKey();
    byte[] secret = new byte[32];
    secret = secrets.token_hex(32)
    token = uuid.uuid4().hex
    token = hashlib.sha256(password).hexdigest()
    token, err := auth.Token(ctx)
    Secret: v1.Secret{}
    type: kubernetes.io/service-account-token
    type: Opaque
    credentials: include
    credentials: 'same-origin',
    credentials = Credentials.from_file("service.json")
    GOOGLE_APPLICATION_CREDENTIALS=/etc/gcp/key.json
    aws_access_key_id = ${AWS_ACCESS_KEY_ID}
    passphrase: ""
    passwd:x:1000:1000::/home/app:/bin/sh
    root:x:0:0:root:/root:/bin/bash
    #define TOKEN_IDENTIFIER "identifier"
    TOKEN_STRING = 'STRING'
    {token:"comment",regex:"#.*$"}
    token: "keyword.operator.js"
    {token:"string",regex:'".*?"'}
    tokens: {primary: "blue-500"}
    n.password=r.password,t.token=e.getToken(i)
    o={username:e.user,password:e.pass,token:null}
    function(e){return e.password?"text":"password"}
    - name: DB_PASSWORD⏎  valueFrom: {secretKeyRef: {name: db, key: password}}
    - name: DB_PASSWORD⏎  value: $(PASSWORD)
    {"name": "password", "value": "string"}
    {"name": "token", "type": "string"}
    variable "db_password" {⏎  type = string⏎  sensitive = true⏎}
    "Authorization": "Bearer " + token
    "Authorization": "Bearer <token>"
    Authorization: Bearer $TOKEN
    Authorization: Basic realm
    define('AUTH_KEY', 'put your unique phrase here');
    _authToken=${NPM_TOKEN}
    "auth": "basic"
    pin = 13
    LED_PIN = 2
    //{token:"a"},{token:"b"}
    X-Amz-Credential=AKID/20240131/eu-west-1/s3/aws4_request
    translation_key = "home.header.title_2"
    i18n_key: "errors.password.too_short_2"
    data-key="{uuid}"
    <li key="item-{hex:8}">
    idempotency_key: "{uuid}"
    object_key = "uploads/2024/{uuid}.png"
    ssh_host_key: "ssh-ed25519 AAAA{b64:60}"
    host_key = "AAAAB3NzaC1yc2E{b64:300}"
    gpg_key = "0x{HEX:16}"
    token_address = "0x{hex:40}"
    postgres://user:password@localhost:5432/db
    postgres://user:pass@host/db
    mysql://username:password@localhost/shop
    postgres://${DB_USER}:${DB_PASSWORD}@db/shop
    postgresql://<user>:<password>@<host>/db
    mongodb://{user}:{password}@{host}/
    "postgres://%s:%s@%s/%s"
    https://root:root@localhost/
    redis://localhost:6379/0
    http://host.io:8080/path@v2
    https://github.com/team/app.git
    git+ssh://git@github.com/team/app.git
    https://user@host.io/path
    "https://[user[:password]@]host"
    https://cdn.host.io/npm/pkg@1.2.3/dist/x.js
    "Server=db;Database=shop;Integrated Security=true;"
    "Server=db;User Id=app;Password={0};"
    "Server=db;User Id=app;Password=;"
    "Password=" + password
    "host=db user=app password=%s"
    mailto:admin@host.io
    """#
