extension CommandRegistry {
    /// The reference of all commands for the documentation, in Markdown.
    public func markdownReference() -> String {
        let chapters: [(title: String, intro: String, prefix: String, Command.Audience)] = [
            (
                "In the newsroom",
                "In a room, begin with `!` or with my nick: `!help` or `Nick: help`. "
                    + "In a direct chat with me, write the command alone. "
                    + "In a shell, write `broadsheet` before it; "
                    + "there `check` and `specs` are about files, which you name.",
                "!", .newsroom
            ),
            (
                "For readers",
                "Write to the newsletter's address as to any contact.",
                "", .readers
            ),
        ]
        var parts = ["# Commands", "Made from the program's own list of commands; do not edit."]
        for (title, intro, prefix, audience) in chapters {
            let entries = commands.filter { $0.audience.contains(audience) }
            guard !entries.isEmpty else { continue }
            parts += ["## \(title)", intro]
            parts += entries.flatMap { $0.reference(prefix: prefix) }
        }
        return parts.joined(separator: "\n\n") + "\n"
    }
}

extension Command {
    /// The paragraphs about this command.
    fileprivate func reference(prefix: String) -> [String] {
        var paragraphs = ["### \(name)", "`\(prefix)\(usage)`", summary.english + "."]
        if !parameters.isEmpty {
            paragraphs.append(
                parameters
                    .map { "- `\($0.name.uppercased())`: \($0.summary.english)" }
                    .joined(separator: "\n")
            )
        }
        let people = Phrases(face: .shell, language: "en").everybody(from: role)
        var facts = ["Who: \(role == .reader ? "everybody" : people)."]
        if !aliases.isEmpty {
            facts.append("Also: \(aliases.map { "`\(prefix)\($0)`" }.joined(separator: ", ")).")
        }
        facts.append(changesSomething ? "Changes something." : "Changes nothing.")
        if confirmation != nil { facts.append("Asks before it acts.") }
        paragraphs.append(facts.joined(separator: " "))
        if !examples.isEmpty {
            let lines = examples.map { "    \(prefix)\($0)" }
            paragraphs.append("For example:\n\n" + lines.joined(separator: "\n"))
        }
        return paragraphs
    }
}
