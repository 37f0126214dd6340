// Text to measure with: made from a fixed seed, alike on every machine.

/// Text of one kind.
struct Sample {
    var name: String
    var bytes: [UInt8]

    static func all(megabytes: Int) -> [Sample] {
        let size = megabytes << 20
        return [
            Sample(name: "source code", bytes: sourceCode(size)),
            Sample(name: "prose", bytes: prose(size)),
            Sample(name: "minified code", bytes: minified(size)),
            Sample(name: "lock file", bytes: lockFile(size)),
            Sample(name: "binary data", bytes: binary(size)),
        ]
    }

    static func dotenv(megabytes: Int) -> [UInt8] {
        var random = Generator(seed: 6)
        return fill(megabytes << 20) {
            "\(random.word().uppercased())_\(random.word().uppercased())=\"\(random.text(24))\" # \(random.word())\n"
        }
    }

    private static func sourceCode(_ size: Int) -> [UInt8] {
        var random = Generator(seed: 1)
        return fill(size) {
            switch random.next(12) {
            case 0: "/*\n * \(random.sentence(9))\n */\n"
            case 1:
                "static int \(random.name())(struct \(random.name()) *\(random.word()), const char *\(random.word()))\n{\n"
            case 2:
                "\tif (\(random.word())->\(random.name()) < \(random.next(4096)) && !\(random.name()))\n\t\treturn -1;\n"
            case 3: "\tfor (i = 0; i < \(random.word())->nr; i++)\n"
            case 4: "#define \(random.name().uppercased()) 0x\(String(random.next(65_536), radix: 16))\n"
            case 5: "\treturn error(_(\"could not \(random.sentence(3)) '%s'\"), \(random.name()));\n"
            case 6: "}\n\n"
            default:
                "\t\(random.word())->\(random.name()) = \(random.name())(\(random.word()), \(random.word()), \(random.next(100)));\n"
            }
        }
    }

    private static func prose(_ size: Int) -> [UInt8] {
        var random = Generator(seed: 2)
        return fill(size) { random.sentence(14) + ".\n" }
    }

    private static func minified(_ size: Int) -> [UInt8] {
        var random = Generator(seed: 3)
        return fill(size) {
            let letter = random.text(1)
            return
                "function(\(letter),t){var e=\(letter).\(random.word());return e?t(\(random.next(999))):null},\(random.word()):!0,"
        }
    }

    private static func lockFile(_ size: Int) -> [UInt8] {
        var random = Generator(seed: 4)
        return fill(size) {
            let name = random.word()
            return """
                    "node_modules/\(name)": {
                      "version": "\(random.next(20)).\(random.next(20)).\(random.next(20))",
                      "resolved": "https://registry.example.org/\(name)/-/\(name)-1.0.0.tgz",
                      "integrity": "sha512-\(random.text(86))=="
                    },

                """
        }
    }

    private static func binary(_ size: Int) -> [UInt8] {
        var random = Generator(seed: 5)
        return (0..<size).map { _ in UInt8(truncatingIfNeeded: random.bits()) }
    }

    private static func fill(_ size: Int, _ line: () -> String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + 4096)
        while bytes.count < size { bytes += line().utf8 }
        return bytes
    }
}

/// SplitMix64: small, and good enough for text.
struct Generator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func bits() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func next(_ bound: Int) -> Int { Int(bits() % UInt64(bound)) }

    mutating func word() -> String { Self.words[next(Self.words.count)] }

    mutating func name() -> String { word() + "_" + word() }

    mutating func sentence(_ count: Int) -> String { (0..<count).map { _ in word() }.joined(separator: " ") }

    mutating func text(_ count: Int) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<count).map { _ in letters[next(letters.count)] })
    }

    // Words of programs; those that a rule's anchor is in come about as often as in real code.
    private static let words = """
        add after alloc apply args array async base before begin bind bit block body bool branch break buf buffer build byte
        cache call case cat char check child class clear clone close code col commit config const copy count create cur data
        date debug default delete depth diff dir display done end entry env error exec exit export fail fetch field file fill
        find first flag flush for format free from func get graph group hash head header help hook host id if index info
        init input insert int item iter join key kind label last len level limit line link list load local lock log loop main
        make map mark mask match max merge message min mode module move name new next node note null object offset old open
        option out output pack page parent parse patch path pattern pos prefix print process progress push queue quit range
        read record ref remote remove rename replace report request reset result return revision root rule run save scan
        section seek select send server set shell show size skip sort source split stack start state status step stop store
        str stream string strip struct submodule sub summary swap switch symbol sync table tag target task temp test text
        thread time tmp tree trim type unit unlock update url usage user util value var verify version view void wait walk
        warn width word work worktree write zero token
        """.split(whereSeparator: \.isWhitespace).map(String.init)
}
