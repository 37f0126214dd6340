// Who goes through the checklist.

import Git
import World

enum StepIdentity {
    /// "Ada Lovelace <ada@example.com>": by `--as`, else as git would sign a commit here.
    /// - Throws: `NoIdentity`.
    static func of(_ options: ActorOptions, in place: RepositoryPlace, world: World) throws -> String {
        if let name = options.name { return name.trimmingSpaces() }
        let repository = try Repository(discovering: place.root)
        guard let (name, email) = repository.identity(environment: world.environment) else { throw NoIdentity() }
        return "\(name) <\(email)>"
    }
}

/// Nobody is known to sign for what is done.
struct NoIdentity: Error {}
