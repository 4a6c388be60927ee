import Spelling

/// What the shortcode `figure` was given, unread.
struct FigureArguments: Hashable {
    enum Name: String, CaseIterable {
        case src, alt, caption, link, title, width, height, `class`, target, rel
    }

    private(set) var values: [Name: String]

    subscript(name: Name) -> String? { values[name] }

    /// Nil without a source, which is then in the log.
    init?(_ call: ShortcodeCall, log: inout FindingLog) {
        var values: [Name: String] = [:]
        for argument in call.arguments {
            guard let name = argument.name.flatMap(Name.init) else {
                Self.warn(of: argument, log: &log)
                continue
            }
            values[name] = argument.value.replacingForbiddenCharacters().joiningLines()
        }
        guard let source = values[.src], !source.isEmpty else {
            log.error(
                .figureSource,
                at: call.place,
                "The figure has no image. Say which with src=\"…\"."
            )
            return nil
        }
        self.values = values
    }

    private static func warn(of argument: ShortcodeCall.Argument, log: inout FindingLog) {
        let known = Name.allCases.map(\.rawValue)
        guard let name = argument.name else {
            log.warning(
                .shortcodeArgument,
                at: argument.place,
                "A figure's values need names: write src=\"\(argument.value)\" or the like."
            )
            return
        }
        let hint =
            NearestName.to(name, among: known, tolerance: .half).map { "Did you mean '\($0)'?" }
            ?? "Known are: \(known.joined(separator: ", "))."
        log.warning(
            .shortcodeArgument,
            at: argument.place,
            "A figure has no argument '\(name)'. \(hint)"
        )
    }
}
