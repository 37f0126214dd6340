// The words of names: which speak of secrets, and which say that a name is about something else.

/// What one word of a name says.
enum WordRole: Sendable {
    /// Speaks of a secret that people choose: `password`.
    case password
    /// Speaks of a secret that machines make: `secret`, `token`.
    case token
    /// May speak of one: `auth`, `pin`.
    case weak
    /// `key`: what it means depends on the word before.
    case key
    /// Names an address that may hold a password: `dsn`.
    case connection
    /// What the name is about, when it comes last: `path`, `length`, `id`.
    case about
    /// Turns a flag or a number out of whatever follows: `is`, `max`.
    case flag
    /// Says that the value is meant to be seen.
    case open
    /// `hash`: a stored password where the name speaks of passwords, else a checksum.
    case hash
}

/// The tables behind `KeyReading`.
enum KeyVocabulary {
    static func role(of word: PackedWord) -> WordRole? { roles[word] }

    private static let roles: [PackedWord: WordRole] = {
        var roles: [PackedWord: WordRole] = [:]
        func add(_ role: WordRole, _ text: StaticString) {
            var word = PackedWord()
            text.withUTF8Buffer { bytes in
                for byte in bytes {
                    if byte.isBlank || byte.isLineEnd {
                        if word.count > 0 { roles[word] = role }
                        word = PackedWord()
                    } else {
                        word.append(byte)
                    }
                }
            }
            if word.count > 0 { roles[word] = role }
        }
        add(
            .password,
            """
            password passwd pwd pass passphrase passcode passwort kennwort contrasena senha mdp motdepasse wachtwoord
            psswd passw userpass dbpass rootpass adminpass storepass keypass mypass smtppass sshpass ftppass
            masterauth bindpw rootpw userpw dbpw pw psk
            """)
        add(
            .token,
            """
            secret token apikey apitoken apisecret appkey appsecret secretkey accesskey privatekey authkey authtoken
            masterkey signingkey encryptionkey sharedkey servicekey clientsecret accesstoken refreshtoken bearer
            consumerkey consumersecret sessionkey licensekey jwtsecret pepper mnemonic salt credential credentials
            bottoken webhooksecret accountkey storagekey deploykey oauthtoken personaltoken idtoken subscriptionkey
            instrumentationkey
            """)
        add(
            .weak,
            """
            auth authorization authentication pin otp pat sas tokens secrets passwords cookie signature license
            seed creds cred jwt
            """
        )
        add(.key, "key keys")
        add(.connection, "dsn connection connectionstring connstr conn database db webhook")
        add(
            .about,
            """
            file filename path dir directory folder url uri link href endpoint host hostname port domain id ids uid
            identifier name names user username userid login email mail expires expiry expiration expired exp ttl age
            lifetime duration timeout time date at until since created updated issued rotated length len size count
            limit num number min max minimum maximum type types kind algorithm alg algo method mode format enabled
            disabled enable disable required optional allowed region zone scope scopes prefix suffix header headers
            field fields input column label placeholder hint title text message msg messages error errors description
            desc help tooltip prompt question template policy policies pattern regex regexp rule rules validator
            validation strength score level provider source store storage service manager handler generator factory
            class component page view route screen form button btn icon image selector locator xpath css element elem
            param parameter params arg argument args option options attribute attr property index position offset
            rounds iterations cost rotation interval window audience issuer aud iss leeway encoding charset separator
            delimiter ref reference arn alias usage bits status state check checker hook callback listener event
            action command cmd exists hidden visible mask masked sha sha1 digest checksum fingerprint thumbprint
            integrity etag commit revision version module package namespace schema table plugin driver dialect engine
            keyword keywords strategy flow grant kid sid flag bucket project tenant group role roles permission
            permissions owner author vendor subject issue ticket queue topic channel color colour width height style
            family locale language lang timezone feature features extension ext mime backend adapter serializer
            function func callable info metadata meta warning notice success failure failed invalid missing mismatch
            incorrect wrong changed deprecated docs documentation comment note example exception constraint reset
            forgot forgotten recovery retry retries attempts history address addr contract mint
            """)
        add(
            .flag,
            """
            is has can should show hide enable disable require requires allow allows use uses using needs max min
            num no without skip total
            """
        )
        add(.open, "public publishable pub publickey pubkey sitekey certificate cert crt csr anon")
        add(.hash, "hash hashed hashes digests crypt bcrypt argon encrypted")
        return roles
    }()

    /// Words before `key` that make it a name of something else.
    static let plainKeys = WordSet(
        """
        primary foreign sort cache partition hash range index object unique composite natural surrogate row map dict
        lookup group order press up down code event shortcut hot short arrow enter translation i18n message label
        local query registry route field column data state config setting settings feature react item parent child
        node template bucket s3 file path prefix context dictionary json yaml property attribute param option sorting
        routing idempotency dedup dedupe lock metric tag entity model record table candidate join search document step
        meta mapping answer music minor major piano keyboard any some each last first next prev current old new no
        with by for of get set on store default known missing unknown duplicate recv recipient gpg pgp host authorized
        trusted fingerprint verify verification
        """)

    /// Words before `key` that make it a secret.
    static let secretKeys = WordSet(
        """
        api secret private access auth encryption encrypt decryption signing sign signature master license account
        shared app application service admin jwt hmac aes des rsa cipher crypto session cookie webhook subscription
        client consumer deploy server security integration write ingest ssh tls ssl wallet trading storage stripe
        sendgrid mailgun openai anthropic aws azure gcp google maps twilio algolia github gitlab slack pre preshared
        fernet nacl rest user bot hub functions instrumentation rails laravel django flask
        """)

    /// Words before `token` that make it a mark in a text or a page cursor.
    static let plainTokens = WordSet(
        """
        csrf xsrf next page pagination continuation sync cancel cancellation start end eos bos pad sep cls unk mask
        max min num special begin stop punctuation syntax expected first last prev previous current keyword string
        number operator peek lookahead close open comment template identifier symbol whitespace newline eof boundary
        input output parse parser lexer css html design word sub image change request idempotency lock starting update
        upload copy product work unit export import job cursor mint
        """)

    /// Words before `token` that make it a credential rather than a cursor.
    static let secretTokens = WordSet(
        """
        auth access api bot bearer refresh npm github gitlab slack deploy admin service secret personal vault
        oauth security
        """
    )

    /// Words that end in `pass` and are none.
    static let otherPasses = WordSet(
        "bypass compass trespass surpass overpass underpass encompass multipass singlepass")

    /// Words before `pass` that make it a passage.
    static let plainPasses = WordSet(
        "first second third one two multi single next last render forward backward by all must will tests test did")

    /// Words after the word that speaks of a secret that change nothing: `password_prod`.
    static let neutralTails = WordSet(
        """
        prod production dev development stage staging test testing qa uat sandbox live local default value val str
        string plain plaintext raw env var old new current primary secondary main backup base b64 hex data confirm
        confirmation again repeat only read write rw ro slave replica root admin here v a b c x y api app
        """)
}
