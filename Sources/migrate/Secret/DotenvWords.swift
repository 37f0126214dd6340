// What stands in the way of an entry of a dotenv file, in words without any byte of its value.

import Delivery
import Dotenv

enum DotenvWords {
    static func reason(_ reason: DotenvImportError.Refusal.Reason) -> String {
        switch reason {
        case .ambiguous(let readings):
            "is read in different ways (" + readings.map(words).joined(separator: ", ") + ")"
        case .references: "refers to variables or commands, which are not resolved here"
        case .unreadable(let readings): "cannot be read (" + readings.map(words).joined(separator: ", ") + ")"
        case .noValue: "has no value in the file"
        case .notUTF8: "is not UTF-8"
        case .nul: "holds a NUL byte"
        }
    }

    private static func words(_ reading: DialectReading) -> String {
        "\(reading.dialect.rawValue) \(reading.kind.phrase)"
    }
}
