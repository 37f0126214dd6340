// A checklist: ordered steps with their dependencies, as its file has them.

/// Steps that lead from a leak to its proven end.
package struct Checklist: Sendable, Equatable {
    /// Which of the two orders for the same leak.
    package enum Order: String, Sendable, CaseIterable {
        /// Create, store, verify, switch; then revoke and prove: production never goes dark.
        case standard = "default"
        /// Revoke first: the key is known to be abused, and an outage is the smaller harm.
        case emergency
    }

    /// Lower-case words with dashes: `aws-secrets-manager`.
    package var id: String
    package var title: String
    /// What it is for, in a sentence or two.
    package var about: String
    /// In the order of the document, which is not the order in which they run.
    package var steps: [Step]
    /// `sha256:` and 64 hexadecimal digits, over what the steps mean: comments and layout of the file do not count.
    package var digest: String
    /// Whether it is gone through again and again beside another one, and so has a state file of its own.
    package var isRecurring = false

    package init(id: String, title: String, about: String, steps: [Step], digest: String) {
        self.id = id
        self.title = title
        self.about = about
        self.steps = steps
        self.digest = digest
    }

    package subscript(_ id: String) -> Step? { steps.first { $0.id == id } }

    /// The steps in the order in which they run: each after all that it needs, and otherwise as in the document.
    /// A checklist that was read from a file has no cycles; of one that has, the steps in it come last.
    package func steps(in order: Order) -> [Step] {
        var waiting = steps
        var sorted: [Step] = []
        var done: Set<String> = []
        while let next = waiting.firstIndex(where: { $0.needs(in: order).allSatisfy(done.contains) }) {
            let step = waiting.remove(at: next)
            done.insert(step.id)
            sorted.append(step)
        }
        return sorted + waiting
    }
}

/// One step.
package struct Step: Sendable, Equatable {
    /// Unique in its checklist; lower-case words with dashes: `create-sendgrid-key`.
    package var id: String
    /// The name of the code behind it: `sendgrid-create-key`.
    package var kind: String
    /// As the document has it: "Create new SendGrid API key".
    package var title: String
    /// Why it is there, for people.
    package var why: String?
    package var parameters: StepParameters
    /// Ids of the steps that must be done (or waived) before.
    package var needs: [String]
    /// The same in an emergency; nil for no difference.
    package var emergencyNeeds: [String]?

    package init(
        id: String, kind: String, title: String, why: String? = nil, parameters: StepParameters = StepParameters(),
        needs: [String] = [], emergencyNeeds: [String]? = nil
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        self.why = why
        self.parameters = parameters
        self.needs = needs
        self.emergencyNeeds = emergencyNeeds
    }

    package func needs(in order: Checklist.Order) -> [String] {
        order == .emergency ? emergencyNeeds ?? needs : needs
    }
}
