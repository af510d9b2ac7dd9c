-- Ends the sessions with a database server that is down, since no answer can come. It waits until no session is being connected
-- any more. `on-marked-down shutdown-sessions` does not wait: HAProxy 3.0 then forgets a client that is just being connected, and
-- that connection of the app's pool is lost for good. Why: docs/decisions/sidecars.md
local BACKENDS = { "database" }
-- Milliseconds after which no session is still being connected: longer than `timeout connect`.
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
