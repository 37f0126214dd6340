// All that the check of a pipeline has to say.

package import Detection
package import Scanning

/// Something that is wrong and is no finding of a scan.
package struct PipelineProblem: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The ignore files let dotenv files in.
        case ignoreHole = "ignore-hole"
        /// A step that is required and not done.
        case stepUndone = "step-undone"
        /// A step that was done, and is so no longer.
        case stepDrifted = "step-drifted"
        /// A step that is to be done again: a rotation, say.
        case stepDue = "step-due"
        /// A step was left out, and the time for that is over.
        case waiverExpired = "waiver-expired"
        /// The past in the state file was edited.
        case stateEdited = "state-edited"
        /// A finding was accepted, and the time for that is over.
        case acceptanceExpired = "acceptance-expired"
    }

    package var kind: Kind
    /// What it is about: a step's id, a file's path, a fingerprint.
    package var subject: String
    /// Why, in one line without a secret byte.
    package var reason: String
    /// What to do, in one line; "" where the reason says it.
    package var remedy: String
    /// The file that it stands in.
    package var path: String?
    /// From 1; 0 where the whole file is meant.
    package var line: Int
    /// Nil for what fails a pipeline at any severity: somebody has asked for it.
    package var severity: Severity?

    package init(
        kind: Kind, subject: String, reason: String, remedy: String = "", path: String? = nil, line: Int = 0,
        severity: Severity? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.reason = reason
        self.remedy = remedy
        self.path = path
        self.line = line
        self.severity = severity
    }

    /// Whether it fails a pipeline in which findings of at least `least` do; nil for none.
    package func fails(from least: Severity?) -> Bool {
        severity.map { own in least.map { own >= $0 } ?? false } ?? true
    }
}

/// How far a checklist has come, as far as a pipeline can tell.
package struct PipelineChecklist: Sendable, Equatable {
    package var id: String
    /// Of its state file, from the root on.
    package var path: String
    package var stepCount: Int
    package var doneCount: Int
    package var waivedCount: Int
    /// Whether the world was asked; else the state file alone was read.
    package var isAsked: Bool

    package init(id: String, path: String, stepCount: Int, doneCount: Int, waivedCount: Int, isAsked: Bool) {
        self.id = id
        self.path = path
        self.stepCount = stepCount
        self.doneCount = doneCount
        self.waivedCount = waivedCount
        self.isAsked = isAsked
    }
}

/// The check of a pipeline, whole.
package struct PipelineReport: Sendable {
    /// How it ends.
    package enum Verdict: String, Sendable {
        case clean, findings, incomplete
    }

    package var platform: Platform?
    /// What was looked at: "pull request 12 into main, 3 commits".
    package var extent: String
    /// What is told of it, remarks included: it is nobody's finding, so it is not among those of the scan.
    package var scan: ScanReport
    package var problems: [PipelineProblem]
    package var checklists: [PipelineChecklist]
    /// The least severity that fails; nil for none.
    package var failOn: Severity?
    /// How many findings there are that fail, those included that are not shown.
    package var failingCount: Int

    package init(
        platform: Platform?, extent: String, scan: ScanReport, problems: [PipelineProblem] = [],
        checklists: [PipelineChecklist] = [], failOn: Severity?, failingCount: Int = 0
    ) {
        self.platform = platform
        self.extent = extent
        self.scan = scan
        self.problems = problems
        self.checklists = checklists
        self.failOn = failOn
        self.failingCount = failingCount
    }

    /// A leak, or a step left undone, goes before what could not be read: the report tells of both.
    package var verdict: Verdict {
        if failingCount > 0 || problems.contains(where: { $0.fails(from: failOn) }) { return .findings }
        return scan.isComplete ? .clean : .incomplete
    }
}
