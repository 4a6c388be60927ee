-- A store that keeps what it is given as it is and writes nothing: Prosody's own PubSub stores the whole
-- node, with all its subscribers, at each subscription, and tens of thousands would take it an hour.

local stores = {};

local methods = {};
methods.__index = methods;

function methods:get(key)
	return self.data[key or ""];
end

function methods:set(key, value)
	self.data[key or ""] = value;
	return true;
end

function methods:users()
	return next, self.data, nil;
end

local driver = {};

function driver:open(name, kind)
	if kind and kind ~= "keyval" then
		return nil, "unsupported-store";
	end
	stores[name] = stores[name] or setmetatable({ data = {} }, methods);
	return stores[name];
end

module:provides("storage", driver);
