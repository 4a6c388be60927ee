/// What a newsletter's editors want to be told.
public struct CheckSettings: Hashable, Sendable {
    /// The levels that differ from the rules' own.
    public var levels: [IssueRule: IssueRule.Level]

    /// The folder that holds the images of the web site (Hugo's `static`); nil if it is not at hand.
    public var imageFolder: String?

    /// The largest item, in bytes as sent; larger ones may not pass a server.
    public var maximumItemSize: Int

    public init(
        levels: [IssueRule: IssueRule.Level] = [:],
        imageFolder: String? = nil,
        maximumItemSize: Int = 65_536
    ) {
        self.levels = levels
        self.imageFolder = imageFolder
        self.maximumItemSize = maximumItemSize
    }

    public func level(of rule: IssueRule) -> IssueRule.Level {
        levels[rule] ?? rule.defaultLevel
    }

    /// The finding as these settings count it; nil if nobody wants to be told.
    ///
    /// What keeps a file from being read stays an error.
    func judged(_ finding: IssueFinding) -> IssueFinding? {
        var finding = finding
        switch (finding.severity, level(of: finding.rule)) {
        case (.error, _), (_, .error): finding.severity = .error
        case (.warning, .warning): finding.severity = .warning
        case (.warning, .off): return nil
        }
        return finding
    }
}
