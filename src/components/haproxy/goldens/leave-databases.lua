-- Placed by Trimaran; the next `trimaran up` replaces changes made here.
-- Ends the sessions with a database server that is down, once nobody is just being connected to it any more: an answer could
-- not come.
local backends = { ["database"] = true, ["database-replicas"] = true }
core.event_sub({ "SERVER_DOWN" }, function(_, data)
  if not backends[data.proxy_name] then return end
  core.msleep(300)
  local server = core.proxies[data.proxy_name].servers[data.name]
  if server:get_stats().status:sub(1, 2) == "UP" then return end
  server:shut_sess()
end)
