// All kinds of steps.

package import Checklist

/// A kind of step: its description, and how it is made for a checklist's step.
package struct StepKindDeclaration: Sendable {
    package var description: KindDescription
    /// - Parameter step: with the parameters that count: those of the settings over those of the checklist.
    package var make: @Sendable (_ step: Step, _ workbench: Workbench) throws -> any StepKind

    package init(
        _ description: KindDescription,
        make: @escaping @Sendable (_ step: Step, _ workbench: Workbench) throws -> any StepKind
    ) {
        self.description = description
        self.make = make
    }
}

package enum StepCatalog {
    package static let all: [StepKindDeclaration] =
        SendGridSteps.all + ValueSteps.all + RepositorySteps.all + OperationSteps.all

    package static let descriptions: [KindDescription] = all.map(\.description)

    package static subscript(_ name: String) -> StepKindDeclaration? { all.first { $0.description.name == name } }
}
