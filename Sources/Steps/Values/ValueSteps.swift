// The kinds of steps in this folder.

enum ValueSteps {
    static let all: [StepKindDeclaration] = []
}
