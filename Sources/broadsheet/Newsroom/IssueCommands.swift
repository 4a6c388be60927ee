import ArgumentParser
import Newsroom

// The commands that are about one issue.

struct ShowIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "show")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct DiffIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "diff")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct PreviewIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "preview")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct PublishIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "publish")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
    @Flag(help: "Do it without asking.") var yes = false
}

struct ScheduleIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "schedule")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
    @Flag(help: "Do it without asking.") var yes = false
}

struct UnscheduleIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "unschedule")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct ApproveIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "approve")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct WithdrawApproval: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "withdraw-approval")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct CorrectIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "correct")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct RetractIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "retract")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
    @Flag(help: "Do it without asking.") var yes = false
}

struct AnnounceIssue: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "announce")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct ListTranslations: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "translations")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct HoldDelivery: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "hold")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct ResumeDelivery: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "resume")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
}

struct CancelDelivery: RelayedCommand {
    static let declaration = NewsroomCommands.declaration(of: "cancel")

    @OptionGroup var options: ServiceOptions
    @Argument(of: Self.declaration) var words: [String] = []
    @Flag(help: "Do it without asking.") var yes = false
}
