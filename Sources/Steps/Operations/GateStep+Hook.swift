// The hook of the gate: put in place with the person's consent, written down, and taken back to the byte.

import Checklist
import Files
import Gate
import Git
import World

extension GateStep {
    /// What is to be done about the hook.
    enum Way {
        /// Git runs a check already.
        case none
        case install(HookChange)
        /// Why it cannot be installed here, and what to do instead, a line each.
        case byHand([String])

        var basis: String {
            switch self {
            case .none: "hook is there"
            case .install(let change): "\(change.file.basis) \(FileChange.digest(change.script))"
            case .byHand(let lines): lines.joined(separator: "\n")
            }
        }
    }

    private static let hookPrefix = "hook/"
    private static let kind = HookKind.preCommit

    /// The hook that runs us on this machine, as people would name it; nil for none.
    func hook() throws -> String? {
        do {
            let status = try HookStatus(at: workbench.root, running: nil, world: workbench.world)
            guard let hook = status[Self.kind], hook.isActive else { return nil }
            return PlainText.line(status.folder.shown(hook.path))
        } catch is HookRefusal { return nil } catch let error as FileError { throw Self.failure(error) }
    }

    func way() throws -> Way {
        if try hook() != nil { return .none }
        do {
            let installation = try installation()
            let folder = installation.folder
            if let refusal = folder.refusal { throw refusal }
            if let manager = installation.manager {
                let next = manager.next(for: Self.kind, in: folder).map { ["Then: `\($0)`"] } ?? []
                guard !manager.runsUs(Self.kind, in: folder) else { return .byHand(next) }
                return .byHand(
                    ["Hook: \(manager.kind.title) owns the hooks here. Add to \(manager.file(for: Self.kind)):"]
                        + manager.lines(for: Self.kind).map { "    " + $0 } + next)
            }
            // What is installed there holds for other repositories too.
            guard !folder.isShared else {
                return .byHand([
                    "Hook: core.hooksPath leads to \(PlainText.line(folder.path)) for several repositories: "
                        + "`migrate hook install` puts it there."
                ])
            }
            return .install(try installation.installing(Self.kind))
        } catch let refusal as HookRefusal {
            return .byHand(["Hook: \(Self.reason(refusal)): `migrate hook install` says more."])
        } catch let error as FileError { throw Self.failure(error) }
    }

    private func installation() throws -> HookInstallation {
        try HookInstallation(at: workbench.root, world: workbench.world)
    }

    func shown(_ change: HookChange) -> String {
        change.path.hasPrefix(workbench.root + "/")
            ? String(change.path.dropFirst(workbench.root.utf8.count + 1)) : change.path
    }

    func planned(_ change: HookChange) -> PlannedChange {
        let name = PlainText.line(shown(change))
        var lines = String(decoding: change.script ?? [], as: UTF8.self)
            .split(separator: "\n").filter { $0.hasPrefix("migrate=") || $0.hasPrefix("\"$migrate\"") }
            .map { PreviewLine(.added, PlainText.line(String($0))) }
        if case .keep(let runs) = change.action {
            lines.append(
                PreviewLine(
                    .note,
                    runs
                        ? "the hook that is there is kept as \(name)\(HookScript.keptSuffix), and runs after it"
                        : "the hook that is there is kept as \(name)\(HookScript.keptSuffix); git never ran it"))
        }
        return PlannedChange("install the hook \(name)", lines: lines)
    }

    // MARK: Making it

    func install(_ change: HookChange, _ run: StepRun) async throws {
        guard change.isNeeded else { return }
        let intent = try await run.journal.intend(
            effect(run.record),
            [
                "before": .text(FileChange.digest(change.file.content)),
                "after": .text(FileChange.digest(change.script)),
                "was-ours": .flag(change.action == .renew),
            ])
        do { try installation().apply(change) } catch { throw Self.failure(error) }
        try await run.journal.effected(intent, Facts())
    }

    /// Settles what an earlier run announced and never told the end of: a hook that is there was installed, one that is
    /// not came to nothing, unless it is about to be installed now.
    func settleHook(_ run: StepRun) async throws {
        for intent in run.record.openIntents where intent.effect.hasPrefix(Self.hookPrefix) {
            guard let folder = try? HookFolder.find(workbench.root, world: workbench.world) else { continue }
            let file = try HookFile(folder.hook(Self.kind.name))
            if case .ours = file.state { try await run.journal.effected(intent, Facts()) }
        }
    }

    /// `hook/pre-commit`; with a number when the record has it already. What was left open goes on.
    private func effect(_ record: StepRecord) -> String {
        let name = Self.hookPrefix + Self.kind.name
        let open = record.openIntents.filter { $0.effect.hasPrefix(Self.hookPrefix) }
        if let last = open.last { return last.effect }
        let taken = Set(record.currentEvents.compactMap(\.effect))
        guard taken.contains(name) else { return name }
        return (2...).lazy.map { "\(name)#\($0)" }.first { !taken.contains($0) } ?? name
    }

    // MARK: Taking it back

    private func effects(_ record: StepRecord) -> [Intent] {
        (record.effects + record.openIntents).filter { $0.effect.hasPrefix(Self.hookPrefix) }
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        guard !effects(record).isEmpty else {
            return UndoPreview(changes: [], cannot: ["This step has changed nothing that could be taken back."])
        }
        var preview = UndoPreview(changes: [])
        do {
            for change in try installation().removing(Self.kind) {
                let name = PlainText.line(shown(change))
                preview.changes.append(
                    PlannedChange(
                        change.action == .restore
                            ? "restore \(name) as it was before" : "remove \(name)"))
            }
        } catch let refusal as HookRefusal { preview.cannot.append(Self.reason(refusal)) }
        return preview
    }

    func undo(_ run: StepRun) async throws {
        let effects = effects(run.record)
        guard !effects.isEmpty else { return }
        do {
            let installation = try installation()
            let changes = try installation.removing(Self.kind)
            for effect in effects { try await run.journal.undoing(effect) }
            for change in changes { try installation.apply(change) }
            for effect in effects { try await run.journal.reverted(effect) }
        } catch { throw Self.failure(error) }
    }

    // MARK: Words

    private static func failure(_ error: any Error) -> any Error {
        switch error {
        case HookRefusal.raced(let path): StepChanged(PlainText.line(path))
        case let refusal as HookRefusal:
            StepFailure(reason(refusal), remedy: "see `migrate hook status`", kind: .refused)
        case let error as FileError:
            StepFailure(
                "\(PlainText.line(error.path)) cannot be \(error.operation == .read ? "read" : "written"): \(error.reason)",
                remedy: "make the folder of hooks and its files accessible")
        default: error
        }
    }

    private static func reason(_ refusal: HookRefusal) -> String {
        switch refusal {
        case .bare: "no commits are made in a bare repository"
        case .hooksOff(let setting):
            "core.hooksPath is \(PlainText.line(setting.value)), which turns all hooks off"
        case .noFolder(let path, _): "core.hooksPath names \(PlainText.line(path)), which is not there"
        case .unknownHome(let setting):
            "where core.hooksPath \(PlainText.line(setting.value)) leads cannot be known"
        case .noFile(let path): "\(PlainText.line(path)) is no file"
        case .changed(let path): "\(PlainText.line(path)) has been changed since migrate wrote it"
        case .twoHooks(let path, let kept):
            "\(PlainText.line(path)) is not migrate's, and \(PlainText.line(kept)) is kept from before"
        case .raced(let path): "\(PlainText.line(path)) has changed just now"
        case .noProgram: "the system does not say where this program is"
        case .globalTaken, .settingsChanged, .settingsLocked, .noHome: "git's settings of this user stand in the way"
        }
    }
}
