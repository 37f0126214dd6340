// Dotenv files that a team's settings name as production's configuration: they tell where the secret is.

import Settings

extension StagedCheck {
    /// Relative to the root. Such a file may be committed as long as it holds no secret.
    var pointerFiles: Set<String> {
        let places = settings.steps.flatMap(\.entries).flatMap { entry -> [String] in
            guard entry.name == "places", case .list(let places) = entry.value else { return [] }
            return places.map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 }
        }
        return Set(places)
    }
}
