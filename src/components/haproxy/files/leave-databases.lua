-- Ends the sessions with a database server that is down, once nobody is just being connected to it any more: an answer could
-- not come. What `on-marked-down shutdown-sessions` is for, a moment later: HAProxy 3.0 forgets a client whose session it
-- shuts down while that is just being connected, and its place in the app's pool is lost for good.
local BACKENDS = { "database" }
-- Milliseconds after which nobody is in the middle of being connected any more: longer than `timeout connect`.
local GRACE = 1100

local is_watched = {}
for _, name in ipairs(BACKENDS) do is_watched[name] = true end

core.event_sub({ "SERVER_DOWN" }, function(_, data)
  if not is_watched[data.proxy_name] then return end
  core.msleep(GRACE)
  local server = core.proxies[data.proxy_name].servers[data.name]
  if server:get_stats().status:sub(1, 2) == "UP" then return end
  server:shut_sess()
end)
