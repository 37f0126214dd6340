// Values that say by their own form what they are, under any name.

/// Formats that vendors document, in so far as their opening gives them away.
enum KnownFormat {
    /// An opening, and how many bytes of a token must follow it.
    private struct Form: Sendable {
        let opening: StaticString
        let length: Int

        init(_ opening: StaticString, _ length: Int) {
            self.opening = opening
            self.length = length
        }
    }

    private static let secrets: [Form] = [
        Form("SG.", 60), Form("AKIA", 16), Form("ASIA", 16), Form("ghp_", 36), Form("gho_", 36), Form("ghu_", 36),
        Form("ghs_", 36), Form("ghr_", 36), Form("github_pat_", 60), Form("glpat-", 20), Form("gldt-", 20),
        Form("glrt-", 20), Form("npm_", 36), Form("pypi-AgE", 50), Form("xoxb-", 20), Form("xoxp-", 20),
        Form("xoxa-", 20), Form("xoxs-", 20), Form("xapp-", 20), Form("sk_live_", 10), Form("sk_test_", 10),
        Form("rk_live_", 10), Form("rk_test_", 10), Form("whsec_", 16), Form("AIza", 35), Form("GOCSPX-", 20),
        Form("ya29.", 20), Form("sk-ant-", 30), Form("sk-proj-", 20), Form("sk-", 32), Form("hf_", 30),
        Form("gsk_", 40), Form("r8_", 30), Form("key-", 32), Form("xkeysib-", 40), Form("dop_v1_", 60),
        Form("doo_v1_", 60), Form("shpat_", 32), Form("shpss_", 32), Form("shpca_", 32), Form("sq0csp-", 30),
        Form("sq0atp-", 20), Form("EAAA", 50), Form("dckr_pat_", 20), Form("hvs.", 20), Form("hvb.", 20),
        Form("dapi", 32), Form("sbp_", 36), Form("sb_secret_", 20), Form("lin_api_", 30), Form("secret_", 40),
        Form("ntn_", 40), Form("figd_", 30), Form("NRAK-", 20), Form("NRJS-", 16), Form("PMAK-", 40),
        Form("glsa_", 32), Form("glc_ey", 30), Form("sntrys_", 40), Form("sntryu_", 40), Form("rubygems_", 40),
        Form("pul-", 40), Form("tfp_", 30), Form("ATATT3", 60), Form("ATCTT3", 60), Form("rnd_", 24),
        Form("re_", 20), Form("phx_", 30), Form("fly_", 20), Form("AGE-SECRET-KEY-1", 50), Form("SK", 32),
    ]

    private static let open: [Form] = [
        Form("pk_live_", 10), Form("pk_test_", 10), Form("phc_", 20), Form("sb_publishable_", 10), Form("pk.eyJ", 20),
        Form("mapbox.pk.", 20), Form("G-", 8), Form("UA-", 8), Form("GTM-", 5), Form("pub", 32),
    ]

    static func isSecret(_ value: Span<UInt8>) -> Bool { isOne(of: secrets, value) || isWebToken(value) }

    static func isOpen(_ value: Span<UInt8>) -> Bool {
        if value.opens(with: "ssh-rsa aaaa") || value.opens(with: "ssh-ed25519 aaaa")
            || value.opens(with: "ecdsa-sha2-")
            || value.opens(with: "aaaab3nzac1yc2e") || value.opens(with: "aaaac3nzac1lzdi1")
            || value.opens(with: "aaaae2vjzhnh")
            || value.opens(with: "-----begin public") || value.opens(with: "-----begin rsa public")
            || value.opens(with: "-----begin certificate") || value.opens(with: "-----begin pgp public")
        {
            return true
        }
        return isOne(of: open, value)
    }

    private static func isOne(of forms: [Form], _ value: Span<UInt8>) -> Bool {
        for form in forms where hasForm(form, value) { return true }
        return false
    }

    private static func hasForm(_ form: Form, _ value: Span<UInt8>) -> Bool {
        let start = form.opening.utf8CodeUnitCount
        guard value.count >= start + form.length, value.count <= start + 400 else { return false }
        let isOpening = form.opening.withUTF8Buffer { opening in
            for index in 0..<start where value[index] != opening[index] { return false }
            return true
        }
        guard isOpening else { return false }
        let body = value.extracting(start..<value.count)
        guard body.allBytes({ $0.isAlphanumeric || "-_.=+/".utf8.contains($0) }) else { return false }
        // An id of AWS's is sixteen capital letters and digits, and one in thirty has no digit at all.
        if start == 4, value.matches("akia", at: 0) || value.matches("asia", at: 0) {
            return body.count == form.length && body.allBytes { $0.isUpperLetter || (0x32...0x37).contains($0) }
        }
        // Two capital letters before hexadecimal are Twilio's; anything else would be a word.
        if start == 2 { return body.count == form.length && body.allBytes(\.isHexDigit) }
        return body.anyByte(\.isDigit) || body.count >= 30 && !body.allBytes(\.isLowerLetter)
    }

    /// Three parts of base64 with dots between, the first two of JSON objects.
    static func isWebToken(_ value: Span<UInt8>) -> Bool {
        guard value.count >= 60, value.matches("eyj", at: 0), value[0] == UInt8(ascii: "e"),
            let dot = value.place(of: ".eyj"), dot >= 15
        else { return false }
        return value.place(ofByte: UInt8(ascii: "."), from: dot + 1) != nil
    }

    /// `$2b$…`, `$argon2id$…`, `$6$…`, `pbkdf2_sha256$…`, `{SSHA}…`: a password as it is stored.
    static func isPasswordHash(_ value: Span<UInt8>) -> Bool {
        guard value.count >= 20 else { return false }
        return value.opens(with: "$2a$") || value.opens(with: "$2b$") || value.opens(with: "$2y$")
            || value.opens(with: "$argon2") || value.opens(with: "$5$") || value.opens(with: "$6$")
            || value.opens(with: "$1$") || value.opens(with: "$apr1$") || value.opens(with: "$y$")
            || value.opens(with: "pbkdf2") || value.opens(with: "bcrypt_") || value.opens(with: "{ssha}")
            || value.opens(with: "scrypt:")
    }
}
