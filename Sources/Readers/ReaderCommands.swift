public import Commands
public import Localization

/// What readers can write to a newsletter, or to the domain.
public enum ReaderCommands {
    /// What readers may write in their own words.
    public static let words = ReaderTexts.all

    /// Declares all of them, in the order of the help.
    public static func all(_ office: ReaderOffice) -> [Command] {
        let desk = office.desk
        return [
            SubscribeCommand(desk: desk).declaration,
            UnsubscribeCommand(desk: desk).declaration,
            LatestCommand(desk: desk).declaration,
            LastCommand(desk: desk).declaration,
            IssueCommand(desk: desk).declaration,
            SearchCommand(desk: desk).declaration,
            LanguageCommand(desk: desk).declaration,
            TopicsCommand(desk: desk).declaration,
            AmountCommand(desk: desk, amount: .full).declaration,
            AmountCommand(desk: desk, amount: .short).declaration,
            AmountCommand(desk: desk, amount: .link).declaration,
            PubSubCommand(desk: desk).declaration,
            LaterCommand(desk: desk).declaration,
            PauseCommand(desk: desk).declaration,
            UnpauseCommand(desk: desk).declaration,
            QuietCommand(desk: desk).declaration,
            BusyCommand(desk: desk).declaration,
            SettingsCommand(desk: desk).declaration,
            DataCommand(desk: desk).declaration,
            ForgetCommand(desk: desk).declaration,
        ]
    }
}
