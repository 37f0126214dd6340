// Why values cannot be delivered, in words.

import Delivery
import Dotenv
import Reporting

enum DeliveryWords {
    static func leftOut(_ left: LeftOutKey) -> String {
        switch left.reason {
        case .null: "\(left.key) is null, and is left out."
        case .alreadySet: "\(left.key) is set already, and stays as it is."
        }
    }

    static func refused(_ keys: [RefusedKey]) -> String {
        keys.map { "\($0.key) \(words($0.reason))" }.joined(separator: "; ")
    }

    private static func words(_ reason: RefusedKey.Reason) -> String {
        switch reason {
        case .notAnEnvironmentName: "is no name for an environment variable"
        case .protected(let group): "would change what the command runs or reads (\(words(group)))"
        case .nul: "holds a NUL byte"
        case .notUTF8: "is not UTF-8"
        case .lineBreak: "has several lines, which the format cannot hold"
        case .unwritable(let dialects):
            dialects.count == 1
                ? "cannot be written so that \(dialects[0].rawValue) reads it back"
                : "cannot be written so that \(Wording.list(dialects.map(\.rawValue))) all read it back"
        case .collides(let other, let name): "would be named \(name) there, as \(other) is"
        case .tooLong(let bytes, let limit): "has \(bytes) bytes, and \(limit) is the limit"
        case .reservedByPlatform: "is set by the platform itself"
        case .readOnly: "is read-only in shells"
        case .unaddressable: "cannot be pointed at on the platform"
        case .notAString: "is no string"
        case .notReadBack: "was not read back as it was written: this is a bug in migrate"
        }
    }

    private static func words(_ group: ProtectedName.Group) -> String {
        switch group {
        case .programSearch: "where programs are looked for"
        case .loader: "libraries that are loaded into it"
        case .shell: "code that shells run"
        case .interpreter: "code that interpreters run first"
        case .git: "commands that git and ssh run"
        case .program: "programs that it starts"
        case .home: "whose configuration is read"
        }
    }
}
