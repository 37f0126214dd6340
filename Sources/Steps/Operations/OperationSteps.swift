// The kinds of steps in this folder.

import Checklist

enum OperationSteps {
    static let all: [StepKindDeclaration] = [
        StepKindDeclaration(CommandStep.description) { try CommandStep($0, $1) },
        StepKindDeclaration(ProductionConfigStep.description) { ProductionConfigStep($0, $1) },
        StepKindDeclaration(GateStep.description) { GateStep($0, $1) },
        StepKindDeclaration(AccessWatchStep.description) { AccessWatchStep($0, $1) },
        StepKindDeclaration(OtherCredentialsStep.description) { OtherCredentialsStep($0, $1) },
        StepKindDeclaration(HistoryStep.description) { HistoryStep($0, $1) },
    ]
}
