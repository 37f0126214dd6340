// The kinds of steps in this folder.

enum SendGridSteps {
    static let all: [StepKindDeclaration] = []
}
