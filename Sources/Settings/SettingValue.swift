// Values of settings and of checklists, as YAML has them.

/// A value that a person wrote down.
package enum SettingValue: Sendable, Equatable {
    package struct Pair: Sendable, Equatable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    case text(String)
    case number(Int)
    case flag(Bool)
    case list([String])
    /// In the order of the file.
    case map([Pair])
}

/// What `steps:` says about one step of the checklist.
package struct StepSettings: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var name: String
        package var value: SettingValue
        /// In the settings file, from 1.
        package var line: Int

        package init(name: String, value: SettingValue, line: Int) {
            self.name = name
            self.value = value
            self.line = line
        }
    }

    package var id: String
    package var line: Int
    package var entries: [Entry]

    package init(id: String, line: Int, entries: [Entry]) {
        self.id = id
        self.line = line
        self.entries = entries
    }
}
