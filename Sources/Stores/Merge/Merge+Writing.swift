// The two ways to write a version: on condition that nobody else has, and without.

import Secrets
import World

extension Merge {
    /// Writes under the run's label, looks at what was written, and makes it live if the base still is.
    /// - Returns: the version that is live now; nil when somebody else was faster.
    func swap(_ progress: inout MergeProgress, _ plan: ChangePlan) async throws -> String? {
        let token = run.token(.stage, name: plan.name, base: plan.base, content: plan.result)
        try await report(.writing(versionID: token))
        progress.written.insert(token)
        let version: String
        do {
            version = try await store.put(plan.name, plan.result, stages: [run.stage], token: token).versionID
        } catch StoreError.conflict {
            return nil
        }
        progress.labelled = version
        progress.written.insert(version)
        try await report(.staged(versionID: version, stage: run.stage))
        do { try await verify(version, plan) } catch {
            await clearLabels(&progress, plan.name)
            throw error
        }
        try await report(.verified(versionID: version))
        do {
            try await store.moveStage(plan.name, Stage.current, from: plan.base, to: version)
        } catch StoreError.conflict {
            return nil
        } catch StoreError.noSuchVersion {
            // Cleared away, as versions without a label may be: another run took the label.
            return nil
        } catch let error as StoreError {
            guard case .accessDenied = error else { throw error }
            progress.canMoveLabels = false
            if options.requiresCompareAndSwap { throw error }
            try await report(.withoutCompareAndSwap)
            return try await writePlainly(&progress, plan)
        }
        try await report(.live(versionID: version))
        return version
    }

    /// Looks once more whether the base is live, and writes. A write of somebody else between the two is lost.
    /// - Returns: as `swap`.
    func writePlainly(_ progress: inout MergeProgress, _ plan: ChangePlan) async throws -> String? {
        guard try await current(plan.name)?.versionID == plan.base else { return nil }
        // Numbered: a token whose version has been rolled back meanwhile would write nothing.
        let token = run.token(
            .plain(progress.plainWrites), name: plan.name, base: plan.base, content: plan.result)
        progress.plainWrites += 1
        try await report(.writing(versionID: token))
        progress.written.insert(token)
        let version: String
        do {
            version = try await store.put(
                plan.name, plan.result, stages: [Stage.current] + gatheredLabels(progress), token: token
            ).versionID
        } catch StoreError.conflict {
            return nil
        }
        progress.written.insert(version)
        if progress.labelled != nil { progress.labelled = version }
        guard let live = try await current(plan.name) else { return nil }
        guard live.versionID != version else {
            guard live.content.isSame(as: plan.result) else { throw StoreError.readBackDiffers(name: plan.name) }
            try await report(.verified(versionID: version))
            try await report(.live(versionID: version))
            return version
        }
        // Somebody has written after us: on top of our values, or over them.
        let next = try ChangePlan(name: plan.name, version: live, changes: plan.changes)
        return next.isEmpty ? live.versionID : nil
    }

    /// - Throws: `StoreError.readBackDiffers`; whatever the store throws.
    private func verify(_ version: String, _ plan: ChangePlan) async throws {
        var tries = 1
        while true {
            do {
                let found = try await store.read(plan.name, VersionSelector(id: version))
                guard found.versionID == version, found.content.isSame(as: plan.result) else {
                    throw StoreError.readBackDiffers(name: plan.name)
                }
                return
            } catch StoreError.noSuchVersion where tries < 3 {
                // A store of many machines may need a moment before all of them know a version.
                try await world.sleep(.milliseconds(200 * tries))
                tries += 1
            }
        }
    }
}
