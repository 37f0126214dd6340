// The kinds of steps in this folder.

import Checklist

enum ValueSteps {
    static let all: [StepKindDeclaration] = [
        StepKindDeclaration(CreateSecretStep.description) { CreateSecretStep($0, $1) },
        StepKindDeclaration(StoreValuesStep.description) { StoreValuesStep($0, $1) },
        StepKindDeclaration(VerifyValuesStep.description) { VerifyValuesStep($0, $1) },
        StepKindDeclaration(RotationScheduleStep.description) { try RotationScheduleStep($0, $1) },
    ]
}
