-- Rooms that give people hats (XEP-0317 §3): `given_hats` says who wears which, by bare address.
-- Prosody has no such module of its own.

local xmlns_hats = "urn:xmpp:hats:0";
local wearers = module:get_option("given_hats", {});

module:hook("muc-disco#info", function (event)
	event.reply:tag("feature", { var = xmlns_hats }):up();
end);

module:hook("muc-build-occupant-presence", function (event)
	local presence = event.stanza;
	-- What somebody has put on without being asked to is taken off.
	presence:remove_children("hats", xmlns_hats);
	local hat = wearers[event.occupant.bare_jid];
	if hat then
		presence:tag("hats", { xmlns = xmlns_hats }):tag("hat", { uri = hat, title = "A hat" }):up():up();
	end
end);
