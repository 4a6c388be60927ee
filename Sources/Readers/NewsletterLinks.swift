import Commands
import Publishing
import XMPP

extension Newsletter {
    /// What can be tapped to write that to the newsletter (XEP-0147 §8.1).
    func link(writing words: String) -> String {
        MessageURI(to: contact, body: words).description
    }
}

extension CommandInvocation {
    /// The same in lines of their own, where somebody is answered in a chat: in a room people would have
    /// to leave it to see what they tap, and a form has ways of its own.
    func links(to newsletter: Newsletter, writing words: String) -> [String] {
        guard case .chat = face else { return [] }
        return [newsletter.link(writing: words)]
    }
}
