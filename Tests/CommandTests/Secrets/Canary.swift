// Values that are looked for wherever they must not be, in every spelling that would give them away.

import Foundation

/// Values for one test, made anew, and unlike anything that a program writes by itself.
struct Canaries {
    let sendGrid: String
    /// Characters that every format has to quote.
    let password: String
    /// So short that a mask which shows "just the ends" shows all of it.
    let pin: String
    private let spellings: [(name: String, bytes: Data)]

    init(seed: UInt64 = 7) {
        sendGrid = FakeKey.sendGrid(seed)
        password = "zq\"Vx'7\\&% <ü>$=\u{2603}Wk/#+"
        pin = "7~Q^"
        spellings = [sendGrid, password, pin].flatMap { value in
            Self.spellings(of: value).map { ("\($0.key) of \(value.count)", $0.value) }
        }
    }

    var all: [String] { [sendGrid, password, pin] }

    /// A dotenv file of the first two and the PIN, each in quotes that keep it as it is.
    var dotenv: String {
        "SENDGRID_API_KEY=\(sendGrid)\nPIN='\(pin)'\nGREETING=hello-there\n"
    }

    /// Which of the values are in these bytes, and how they are spelt there. Empty is good.
    func traces(in bytes: [UInt8]) -> [String] {
        let haystack = Data(bytes)
        return spellings.filter { haystack.range(of: $0.bytes) != nil }.map(\.name)
    }

    func traces(in text: String) -> [String] { traces(in: Array(text.utf8)) }

    private static func spellings(of value: String) -> [String: Data] {
        var spellings: [String: Data] = [:]
        let bytes = Array(value.utf8)
        spellings["text"] = Data(bytes)
        spellings["percent"] = value.addingPercentEncoding(withAllowedCharacters: .alphanumerics).map { Data($0.utf8) }
        spellings["percent, unreserved kept"] = value.addingPercentEncoding(
            withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "-._~"))
        ).map { Data($0.utf8) }
        spellings["form"] = spellings["percent"].map {
            Data(String(decoding: $0, as: UTF8.self).replacingOccurrences(of: "%20", with: "+").utf8)
        }
        for (name, options) in [
            ("JSON", JSONEncoder.OutputFormatting()), ("JSON, slashes kept", .withoutEscapingSlashes),
        ] {
            let encoder = JSONEncoder()
            encoder.outputFormatting = options
            // Without its quotation marks, and escaped once more as JSON in JSON.
            guard let once = (try? encoder.encode(value))?.dropFirst().dropLast(),
                let twice = (try? encoder.encode(String(decoding: once, as: UTF8.self)))?.dropFirst().dropLast()
            else { continue }
            spellings[name] = Data(once)
            spellings[name + ", twice"] = Data(twice)
        }
        spellings["hex"] = Data(bytes.map { String(format: "%02x", $0) }.joined().utf8)
        spellings["HEX"] = Data(bytes.map { String(format: "%02X", $0) }.joined().utf8)
        // Base64 depends on what comes before: of each alignment, the characters that the value alone decides.
        for offset in 0..<3 {
            let padded = [UInt8](repeating: 0, count: offset) + bytes
            let text = Data(padded).base64EncodedString().replacingOccurrences(of: "=", with: "")
            let first = (offset * 8 + 5) / 6
            let last = padded.count * 8 / 6
            let certain = String(text.dropFirst(first).prefix(last - first))
            spellings["base64 \(offset)"] = Data(certain.utf8)
            let urlSafe = certain.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            spellings["base64url \(offset)"] = Data(urlSafe.utf8)
        }
        // What masks like to show of long values: a third of them from either end.
        if bytes.count > 24 {
            spellings["end"] = Data(bytes.suffix(bytes.count / 3))
        }
        return spellings
    }
}
