// The kinds of steps in this folder.

enum RepositorySteps {
    static let all: [StepKindDeclaration] = []
}
