import ArgumentParser
import Daemon

struct Version: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say which version this is, and of which libraries.",
        discussion: "Example: broadsheet version --json"
    )

    @OptionGroup var json: JSONOption

    func run() throws {
        let versions = LibraryVersion.all
        guard !json.isOn else {
            let named = versions.map { ($0.name, $0.version) } + [("broadsheet", program)]
            try JSONLines.show(Dictionary(named, uniquingKeysWith: { $1 }))
            return
        }
        print("broadsheet \(program)")
        for library in versions { print("\(library.name) \(library.version)") }
    }

    private var program: String { BroadsheetService.version.version }
}
