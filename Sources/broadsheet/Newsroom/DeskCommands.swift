import ArgumentParser
import Newsroom

// The commands that are about the newsroom as a whole.

struct CollectNews: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "news")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct DraftIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "draft")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct RefreshIssues: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "refresh")

    @OptionGroup var options: ServiceOptions
}

struct ShowCalendar: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "calendar")

    @OptionGroup var options: ServiceOptions
}

struct ShowRights: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "who")

    @OptionGroup var options: ServiceOptions
}
