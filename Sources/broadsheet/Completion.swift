import ArgumentParser

struct Completion: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what a shell needs to complete commands and options.",
        discussion: """
            The package has it in place already.

            Example: broadsheet completion bash > ~/.local/share/bash-completion/completions/broadsheet
            """
    )

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell.rawValue) else {
            throw CleanExit.helpRequest(self)
        }
        print(Broadsheet.completionScript(for: shell))
    }
}
