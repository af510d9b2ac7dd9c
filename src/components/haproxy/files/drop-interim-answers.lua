-- Drops the answers before the answer (100, 102, 103): nginx 1.26 takes the first of them for the answer, and waits for its end.
-- HAProxy passes them on without a rule's seeing them, so this reads the bytes between the sidecar and nginx.
-- Why: docs/decisions/interim-answers.md
local Dropper = { id = "drop-interim-answers" }
Dropper.__index = Dropper

-- The longest start of an answer by which an interim one is known: "HTTP/1.1 103".
local KNOWN = 12

function Dropper:new() return setmetatable({ is_answer_next = false, is_tunnel = false }, Dropper) end

function Dropper:start_analyze(_, channel) filter.register_data_filter(self, channel) end

-- nginx has one request at a time on a connection: what comes after a request is its answer.
function Dropper:tcp_payload(_, channel)
  if not channel:is_resp() then
    self.is_answer_next = not self.is_tunnel
    return
  end
  while self.is_answer_next do
    local came = channel:input()
    if came < KNOWN then return 0 end
    local start = channel:data(0, KNOWN)
    local status = start:match("^HTTP/1%.1 (1%d%d)")
    if status == nil or status == "101" then
      self.is_answer_next, self.is_tunnel = false, status == "101"
      return
    end
    local _, last = channel:data():find("\r\n\r\n", 1, true)
    if last == nil then return 0 end
    channel:remove(0, last)
  end
end

core.register_filter("drop-interim-answers", Dropper, function(dropper) return dropper end)
