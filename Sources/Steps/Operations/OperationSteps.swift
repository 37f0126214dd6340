// The kinds of steps in this folder.

enum OperationSteps {
    static let all: [StepKindDeclaration] = []
}
