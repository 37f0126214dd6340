// The settings around the working folder.

import Settings

/// What `.migrate/config.yml` says, and for which folder.
struct LocalSettings {
    /// The folder whose settings count.
    let root: String
    let configuration: Configuration

    var store: StoreSettings { configuration.store }

    /// - Throws: `ConfigurationError`.
    static func load() throws -> LocalSettings {
        let root = ConfigurationRoot.containing(WorkingFolder.path)
        return LocalSettings(root: root, configuration: try Configuration.load(root: root))
    }
}
