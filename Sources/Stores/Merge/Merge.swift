// Changes of a secret that lose no other change: compare-and-swap over any store.

import Secrets
package import World

/// Merges changes into the current version of a secret.
///
/// A new version is written under a label of the run's own, read back, compared, and only then made AWSCURRENT, on
/// condition that AWSCURRENT has not moved meanwhile. When it has, the changes are planned anew on what is there now.
/// A run that is cut short anywhere leaves the old version live or the new one, and goes on when it is repeated with
/// the same key.
package struct Merge {
    package typealias Reporter = (MergeEvent) async throws -> Void

    let store: any SecretStore
    let run: RunKey
    let world: World
    let options: MergeOptions
    let report: Reporter

    /// - Parameter report: told of each step; what it throws stops the merge there.
    package init(
        in store: any SecretStore, run: RunKey, world: World, options: MergeOptions = MergeOptions(),
        report: @escaping Reporter = { _ in }
    ) {
        self.store = store
        self.run = run
        self.world = world
        self.options = options
        self.report = report
    }

    /// What `apply` would do now. Writes nothing.
    /// - Throws: as `apply`.
    package func plan(_ changes: [Change], to name: String) async throws -> ChangePlan {
        do {
            _ = try await Inspection.check(name, in: store, includingManaged: options.includesManaged)
            return try ChangePlan(name: name, version: try await current(name), changes: changes)
        } catch StoreError.notFound where options.creation != nil {
            return try ChangePlan(name: name, version: nil, changes: changes)
        }
    }

    /// - Throws: `StoreError`: `managed`, `scheduledForDeletion`, `notFound` (without `options.creation`),
    ///   `notAnObject`, `invalid`, `tooLarge`, `readBackDiffers`; `conflict` when every round was lost; `accessDenied`
    ///   for a label that may not be moved with `options.requiresCompareAndSwap`; whatever the store throws;
    ///   `CancellationError`.
    package func apply(_ changes: [Change], to name: String) async throws -> MergeOutcome {
        var progress = MergeProgress()
        for round in 1...max(1, options.rounds) {
            try Task.checkCancellation()
            progress.round = round
            if let outcome = try await take(&progress, changes, name) { return outcome }
            try await report(.conflict(round: round))
            guard round < options.rounds else { break }
            // Doubled from 50 ms to 2 s, and spread over all of it, so that those who collided once part ways.
            let longest = min(0.05 * Double(1 << min(round - 1, 10)), 2)
            let wait = Duration.milliseconds(Int64(longest * 1_000 * world.jitter()))
            try await report(.waiting(wait))
            try await world.sleep(wait)
        }
        await clearLabels(&progress, name)
        throw StoreError.conflict(name: name)
    }

    /// One round. Nil when somebody else was faster.
    private func take(_ progress: inout MergeProgress, _ changes: [Change], _ name: String) async throws
        -> MergeOutcome?
    {
        let found: SecretVersion?
        do {
            try await inspect(&progress, name)
            found = try await current(name)
        } catch StoreError.notFound where options.creation != nil {
            return try await create(&progress, changes, name)
        }
        try await report(.read(versionID: found?.versionID))
        let plan = try ChangePlan(name: name, version: found, changes: changes)
        try await report(.planned(plan))
        if plan.isEmpty { return await finish(&progress, origin(of: found, progress), found?.versionID, plan) }
        if let expected = options.expected {
            let keys = plan.superseded(since: expected)
            if !keys.isEmpty { return await finish(&progress, .superseded(keys), found?.versionID, plan) }
        }
        let written =
            progress.canMoveLabels
            ? try await swap(&progress, plan) : try await writePlainly(&progress, plan)
        guard let written else { return nil }
        return await finish(&progress, .written, written, plan)
    }

    private func inspect(_ progress: inout MergeProgress, _ name: String) async throws {
        guard progress.description == nil, progress.isInspected else { return }
        guard
            let description = try await Inspection.check(name, in: store, includingManaged: options.includesManaged)
        else {
            progress.isInspected = false
            try await report(.uninspected)
            return
        }
        progress.description = description
        // A run that was cut short may have left its label.
        progress.labelled = progress.labelled ?? description.version(with: run.stage)
    }

    /// Nil for a secret that has no version yet.
    func current(_ name: String) async throws -> SecretVersion? {
        do { return try await store.read(name, .current) } catch StoreError.noSuchVersion { return nil }
    }

    /// Who has written a version with which nothing is left to do: this run before it was cut short, or while an
    /// answer got lost; else somebody else.
    private func origin(of version: SecretVersion?, _ progress: MergeProgress) -> MergeOutcome.Kind {
        guard let version else { return .unchanged }
        if version.versionID == creationToken(version.name, version.content) { return .created }
        let isOurs = progress.written.contains(version.versionID) || progress.labelled == version.versionID
        return isOurs ? .written : .unchanged
    }

    private func create(_ progress: inout MergeProgress, _ changes: [Change], _ name: String) async throws
        -> MergeOutcome?
    {
        let plan = try ChangePlan(name: name, version: nil, changes: changes)
        try await report(.planned(plan))
        let token = creationToken(name, plan.result)
        try await report(.writing(versionID: token))
        let reference: VersionReference
        do {
            reference = try await store.create(
                name, plan.result, token: token, options: options.creation ?? CreationOptions())
        } catch StoreError.alreadyExists {
            return nil
        } catch StoreError.conflict {
            return nil
        }
        try await report(.created(versionID: reference.versionID))
        return await finish(&progress, .created, reference.versionID, plan)
    }

    private func creationToken(_ name: String, _ content: SharedSecret) -> String {
        run.token(.create, name: name, base: nil, content: content)
    }

    private func finish(
        _ progress: inout MergeProgress, _ kind: MergeOutcome.Kind, _ versionID: String?, _ plan: ChangePlan
    ) async -> MergeOutcome {
        let left = await clearLabels(&progress, plan.name)
        return MergeOutcome(
            kind: kind, versionID: versionID, plan: plan, guarantee: progress.canMoveLabels ? .compareAndSwap : .weak,
            rounds: progress.round, isInspected: progress.isInspected, leftLabels: left)
    }
}

/// What a merge has learned and left behind so far.
struct MergeProgress {
    var round = 1
    var description: SecretDescription?
    /// False once describing has turned out not to be allowed.
    var isInspected = true
    /// The version that has the label of this run.
    var labelled: String?
    /// Versions that this run has asked the store to write.
    var written: Set<String> = []
    /// False once moving a label has turned out not to be allowed.
    var canMoveLabels = true
    /// Writes without compare-and-swap so far.
    var plainWrites = 0
}
