// What a dialect makes of an entry, in kinds that tell nothing of the value.

package import Dotenv

package struct DialectReading: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Reads the value as it stands.
        case plain
        case cutsAtHash, keepsHash
        case decodesEscapes, keepsBackslashes
        case dropsQuotes, keepsQuotes
        case dropsCarriageReturn, keepsCarriageReturn
        /// Replaces references by what they refer to.
        case expands
        /// Reads on, without defining the key.
        case doesNotDefine
        /// Takes an earlier entry with the same key.
        case takesEarlierEntry
        /// Refuses the entry; a verb phrase with no byte of it: "runs the name as a command".
        case refuses(String)
        /// In some other way.
        case differs
    }

    package let dialect: Dialect
    package let kind: Kind
}

extension DialectReading.Kind {
    /// A verb phrase to go after the dialect's name, with no byte of the value: "cuts it at `#`".
    package var phrase: String {
        switch self {
        case .plain: "reads it as it is written"
        case .cutsAtHash: "cuts it at `#`"
        case .keepsHash: "keeps the `#`"
        case .decodesEscapes: "decodes backslashes"
        case .keepsBackslashes: "keeps backslashes"
        case .dropsQuotes: "takes off the quotes"
        case .keepsQuotes: "keeps the quotes"
        case .dropsCarriageReturn: "drops the carriage return at the end"
        case .keepsCarriageReturn: "keeps the carriage return at the end"
        case .expands: "replaces a reference in it"
        case .doesNotDefine: "does not define the key"
        case .takesEarlierEntry: "takes an earlier line"
        case .refuses(let reason): reason
        case .differs: "reads it differently"
        }
    }
}
