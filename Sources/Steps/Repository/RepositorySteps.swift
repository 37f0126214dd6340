// The kinds of steps in this folder.

enum RepositorySteps {
    static let all: [StepKindDeclaration] = [
        StepKindDeclaration(DotenvTemplateStep.description) { step, workbench in
            DotenvTemplateStep(step, workbench: workbench)
        },
        StepKindDeclaration(GitignoreStep.description) { _, workbench in GitignoreStep(workbench: workbench) },
        StepKindDeclaration(UntrackStep.description) { step, workbench in UntrackStep(step, workbench: workbench) },
    ]
}
