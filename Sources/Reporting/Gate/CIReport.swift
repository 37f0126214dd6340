// The check of a pipeline in words: what all of its forms have in common.

package import Gate
import Scanning

/// Writes what the check of a pipeline has found, besides the findings of its scan.
package struct CIReport: Sendable {
    package let report: PipelineReport

    package init(_ report: PipelineReport) { self.report = report }

    /// The last line of the log: "migrate ci: 2 findings and 1 problem in pull request 12 into main, 3 commits."
    package var verdict: String {
        let scan = report.scan
        var parts: [String] = []
        if !scan.findings.isEmpty || report.failingCount > 0 {
            parts.append(Wording.count(max(scan.findings.count, report.failingCount), "finding"))
        }
        if !report.problems.isEmpty { parts.append(Wording.count(report.problems.count, "problem")) }
        let what = parts.isEmpty ? "nothing found" : Wording.list(parts)
        let ending =
            switch report.verdict {
            case .clean: parts.isEmpty ? "" : "; none fails this run"
            case .incomplete:
                "; the answer is not known: \(Wording.count(scan.gaps.count, "thing")) could not be read"
            case .findings:
                scan.isComplete ? "" : "; and \(Wording.count(scan.gaps.count, "thing")) could not be read"
            }
        return "migrate ci: \(what) in \(report.extent)\(ending)."
    }

    /// "3 of 18 steps done, 1 waived, by .migrate/state.json alone: AWS and SendGrid were not asked"
    static func words(_ checklist: PipelineChecklist) -> String {
        "\(checklist.doneCount) of \(Wording.count(checklist.stepCount, "step")) done"
            + (checklist.waivedCount > 0 ? ", \(checklist.waivedCount) waived" : "")
            + (checklist.isAsked
                ? "; the world was asked" : ", by \(checklist.path) alone: nobody was asked (--ask-world asks)")
    }
}

extension PipelineProblem {
    /// What kind of thing is wrong, in a few words.
    var title: String {
        switch kind {
        case .ignoreHole: "Dotenv files are not ignored"
        case .stepUndone: "Step left undone"
        case .stepDrifted: "Step no longer done"
        case .stepDue: "Step due again"
        case .waiverExpired: "Waiver has ended"
        case .stateEdited: "State file was edited"
        case .acceptanceExpired: "Acceptance has ended"
        }
    }

    /// "revoke-keys: nothing was done yet. Next: migrate apply revoke-keys"
    var sentence: String {
        "\(subject): \(reason)" + (reason.hasSuffix(".") ? "" : ".") + (remedy.isEmpty ? "" : " Next: \(remedy)")
    }
}
