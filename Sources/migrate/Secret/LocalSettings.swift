// The settings around the working folder.

import Settings

enum LocalSettings {
    /// - Throws: `ConfigurationError`.
    static func load() throws -> Configuration {
        try Configuration.load(root: ConfigurationRoot.containing(WorkingFolder.path))
    }
}
