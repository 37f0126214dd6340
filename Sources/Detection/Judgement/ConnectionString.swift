// Passwords inside values that hold more: connection strings, query parameters, secret addresses.

/// Recognises credentials inside a longer value.
enum ConnectionString {
    /// Names in connection strings and query strings whose value is a credential.
    private static let names: [StaticString] = [
        "password=", "pwd=", "passwd=", "accountkey=", "sharedaccesskey=", "sharedaccesssignature=", "secretkey=",
        "access_token=", "api_key=", "apikey=", "token=", "sig=", "secret=", "client_secret=", "auth=", "key=", "pass=",
    ]

    /// What `value` is as a whole of `name=value` pairs or a Go data source name; nil when it is neither.
    static func judge(_ value: Span<UInt8>, in context: ValueContext) -> Judgement? {
        var steps = 0
        return judge(value, in: context, steps: &steps)
    }

    /// Adds to `steps` the bytes that were judged as parts: for each name no more than the value has.
    static func judge(_ value: Span<UInt8>, in context: ValueContext, steps: inout Int) -> Judgement? {
        guard value.count >= 8 else { return nil }
        if let source = judgeDataSource(value) { return source }
        guard value.containsByte("="), value.containsByte(";") || value.containsByte("?") || value.containsByte(" ")
        else { return nil }
        var hole: Judgement?
        for name in names {
            var start = 0
            while let place = value.place(of: name, from: start) {
                start = place + name.utf8CodeUnitCount
                guard place == 0 || !value[place - 1].isAlphanumeric else { continue }
                let part = part(of: value, from: start)
                // The same name inside the part is part of it; reading on from there keeps the work linear.
                start = part.upperBound
                steps += part.count
                guard !part.isEmpty, let judged = judgePart(value.extracting(part), name) else { continue }
                if judged.valueClass == .connectionString { return judged }
                hole = judged
            }
        }
        return hole
    }

    /// The value that starts at `start`, up to `;`, `&`, a blank or a quote.
    private static func part(of value: Span<UInt8>, from start: Int) -> Range<Int> {
        var first = start
        var end = start
        if first < value.count, "'\"{".utf8.contains(value[first]) {
            first += 1
            end = first
            while end < value.count, !"'\"}".utf8.contains(value[end]) { end += 1 }
        } else {
            // The query of an address inside has names of its own.
            let isAddress = value.matches("http", at: start)
            while end < value.count, !";&\"'".utf8.contains(value[end]), !value[end].isBlank,
                !isAddress || value[end] != UInt8(ascii: "?")
            {
                end += 1
            }
        }
        return first..<end
    }

    private static func judgePart(_ part: Span<UInt8>, _ name: StaticString) -> Judgement? {
        if let reason = Reference.reason(part) { return Judgement(.reference, "the password in it \(reason)") }
        if Placeholder.isPlaceholder(part) || part.containsByte("{") || part.reads("%s") {
            return Judgement(.placeholder, "the password in it is a stand-in")
        }
        let looks = ValueLooks(part)
        if isVague(name) {
            // `key=`, `auth=`, `sig=` in a query may be anything.
            guard looks.isRandom(part, atLeast: 16) || looks.count >= 40 && looks.digits > 0 else { return nil }
        } else if PlainShape.isPath(part, looks) || part.reads("true") || part.reads("false") {
            return nil
        }
        return Judgement(.connectionString, "holds a password or key")
    }

    /// `key=`, `auth=`, `sig=`, `pass=`, `token=`; `pwd=` is plain.
    private static func isVague(_ name: StaticString) -> Bool {
        name.utf8CodeUnitCount <= 6 && name.withUTF8Buffer { $0[1] != UInt8(ascii: "w") }
    }

    /// `user:password@tcp(host:3306)/name`, and `user:password@host` alone.
    private static func judgeDataSource(_ value: Span<UInt8>) -> Judgement? {
        guard !value.holds("://"), let colon = value.place(ofByte: UInt8(ascii: ":")), colon > 0, colon < 64,
            value.extracting(0..<colon).allBytes({ $0.isAlphanumeric || "_-.".utf8.contains($0) }),
            let at = value.place(of: "@tcp(") ?? value.place(of: "@unix(") ?? value.place(of: "@/"), at > colon + 1
        else { return nil }
        let password = value.extracting((colon + 1)..<at)
        if let reason = Reference.reason(password) { return Judgement(.reference, "the password in it \(reason)") }
        if Placeholder.isPlaceholder(password) || password.containsByte("%") {
            return Judgement(.placeholder, "the password in it is a stand-in")
        }
        return Judgement(.connectionString, "a data source name with a password")
    }
}

/// Addresses that are secrets as a whole, and addresses that are meant to be seen.
enum SecretAddress {
    private static let addresses: [StaticString] = [
        "hooks.slack.com/services/", "hooks.slack.com/workflows/", "discord.com/api/webhooks/",
        "discordapp.com/api/webhooks/", "webhook.office.com/webhookb2/", "outlook.office.com/webhook/",
        "hooks.zapier.com/hooks/catch/", "api.telegram.org/bot", "chat.googleapis.com/v1/spaces/",
        "maker.ifttt.com/trigger/", "hook.integromat.com/", "hook.us1.make.com/", "hook.eu1.make.com/",
        "open.feishu.cn/open-apis/bot/", "oapi.dingtalk.com/robot/send?access_token=",
        "qyapi.weixin.qq.com/cgi-bin/webhook/",
        "alchemy.com/v2/", "infura.io/v3/", "quiknode.pro/", "logic.azure.com",
    ]

    /// What the URL `value` is by its address, without regard to a password in it.
    static func judge(_ value: Span<UInt8>) -> Judgement? {
        guard let colon = value.place(of: "://") else { return nil }
        for address in addresses {
            guard let place = value.place(of: address, from: colon) else { continue }
            let rest = value.extracting((place + address.utf8CodeUnitCount)..<value.count)
            if rest.count < 16 { continue }
            if Placeholder.isPlaceholder(rest) || rest.holds("xxxx") {
                return Judgement(.placeholder, "a webhook address with a stand-in")
            }
            return Judgement(.secret, "an address that is itself a secret")
        }
        guard let at = value.place(ofByte: UInt8(ascii: "@"), from: colon), at < value.count - 3 else { return nil }
        return judgeUser(value, value.extracting((colon + 3)..<at), host: at + 1)
    }

    /// `https://<hex>@sentry…/1` and `https://token@host`.
    private static func judgeUser(_ value: Span<UInt8>, _ user: Span<UInt8>, host: Int) -> Judgement? {
        guard user.count >= 16, user.allBytes({ $0.isAlphanumeric || "_-".utf8.contains($0) }) else { return nil }
        var end = value.count
        while end > host, value[end - 1].isDigit { end -= 1 }
        let endsInNumber = end < value.count && value[end - 1] == UInt8(ascii: "/")
        if value.extracting(host..<value.count).holds("sentry") || (endsInNumber && user.allBytes(\.isHexDigit)) {
            return Judgement(.publicByDesign, "a Sentry DSN, which holds no secret")
        }
        if Placeholder.isPlaceholder(user) { return Judgement(.placeholder, "a URL with a stand-in") }
        if KnownFormat.isSecret(user) || ValueLooks(user).isRandom(user, atLeast: 20) {
            return Judgement(.connectionString, "a URL with a token")
        }
        return nil
    }
}
