// The private labels of versions that were not live yet, and how they go away again.

import World

extension Merge {
    /// How old the version of another run's label must be for the run to count as dead: a merge takes seconds.
    private static let longestRun = 3_600.0
    /// Labels that AWS takes in one request.
    private static let mostLabels = 20

    /// Takes away this run's label, and those that dead runs have left. What cannot be taken away does no harm to the
    /// values, so nothing is thrown.
    /// - Returns: the labels of this run that are still there.
    @discardableResult
    func clearLabels(_ progress: inout MergeProgress, _ name: String) async -> [String] {
        var left: [String] = []
        if let version = progress.labelled {
            do {
                try await store.moveStage(name, run.stage, from: version, to: nil)
                try? await report(.unlabelled(stage: run.stage, versionID: version))
                progress.labelled = nil
            } catch StoreError.conflict {
                // It is not there: another run's version has it, or it was taken away by hand.
                progress.labelled = nil
            } catch {
                left = [run.stage]
            }
        }
        if progress.canMoveLabels { await clearStaleLabels(progress, name) }
        return left
    }

    private func clearStaleLabels(_ progress: MergeProgress, _ name: String) async {
        let labels = otherLabels(progress)
        guard !labels.isEmpty, let versions = try? await store.versions(name) else { return }
        let limit = Instant(seconds: world.now().seconds - Self.longestRun)
        for (stage, version) in labels {
            guard let created = versions.first(where: { $0.versionID == version })?.created, created < limit else {
                continue
            }
            guard (try? await store.moveStage(name, stage, from: version, to: nil)) != nil else { continue }
            try? await report(.unlabelled(stage: stage, versionID: version))
        }
    }

    /// Labels for a version that is written without the right to move labels. Writing a version moves labels all the
    /// same, so it takes all there are with it: left where they are, they would keep one version for each run from
    /// being cleared, up to the store's quota. No run depends on its label: versions are addressed by id.
    func gatheredLabels(_ progress: MergeProgress) -> [String] {
        guard progress.labelled != nil else { return [] }
        return [run.stage] + otherLabels(progress).map(\.stage).prefix(Self.mostLabels - 2)
    }

    private func otherLabels(_ progress: MergeProgress) -> [(stage: String, version: String)] {
        let stages = progress.description?.stages ?? [:]
        return stages.flatMap { version, stages in
            stages.filter { StagingLabel.isOne($0) && $0 != run.stage }.map { (stage: $0, version: version) }
        }.sorted { $0.stage < $1.stage }
    }
}
