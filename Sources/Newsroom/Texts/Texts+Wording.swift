import Commands
import Localization

/// Turns of phrase that several commands share.
extension Texts {
    func readers(_ number: Int) -> String { self("readers", count: number) }

    func errors(_ number: Int) -> String { self("errors", count: number) }

    func warnings(_ number: Int) -> String { self("warnings", count: number) }

    /// Where something was said, of the words that are stored for it.
    func place(_ stored: String) -> String {
        switch stored {
        case "in a chat": self("place.chat")
        case "in the shell": self("place.shell")
        case "by a form": self("place.form")
        default:
            stored.hasPrefix("in ") ? self("place.room", ["room": stored.dropFirst(3)]) : stored
        }
    }
}
