-- The answers that HAProxy itself gives: for people a page, for programs that ask for it JSON.
-- Its arguments are the files: NAME.html, and errors.map with a line `NAME JSON` for each. {{request_id}} becomes the request's id.
local pages = { html = {}, json = {} }

-- HAProxy would write a newline of an expression as %0A. So there is none: scripts get one of JavaScript's other newlines, and
-- text whose lines count an entity.
local function fold(html)
  local function lines_to(newline) return function(part) return (part:gsub("\r?\n", newline)) end end
  html = html:gsub("<[sS][cC][rR][iI][pP][tT].-</", lines_to("\u{2028}"))
  html = html:gsub("<[pP][rR][eE].-</", lines_to("&#10;")):gsub("<[tT][eE][xX][tT][aA].-</", lines_to("&#10;"))
  return (html:gsub("\r?\n", "\t"))
end

for _, path in ipairs({ ... }) do
  local file <close> = assert(io.open(path))
  local name = path:match("([^/]+)%.html$")
  if name then
    pages.html[name] = fold(file:read("a"))
  else
    for line in file:lines() do pages.json[line:match("^%S+")] = line:match("^%S+ (.*)$") end
  end
end

core.register_fetches("page", function(txn, name)
  local id = txn:get_var("txn.request_id") or txn.f:unique_id()
  local is_json = txn:get_var("txn.as_json") ~= nil
  if is_json then txn:set_var("txn.is_json", true) end
  return (pages[is_json and "json" or "html"][name]:gsub("{{request_id}}", (id:gsub("%%", "%%%%"))))
end)

-- How much an Accept header wants a type: the weight of the range that names it most exactly, and how exact that is
-- (RFC 9110, section 12.5.1).
local function wish(accept, wanted)
  local weight, exactness = 0, 0
  for range in accept:lower():gmatch("[^,]+") do
    local kind = range:match("^%s*([^%s;]+)") or ""
    local exact = kind:find(wanted) and 2 or kind == "*/*" and 1 or 0
    if exact > exactness then
      weight, exactness = tonumber(range:match(";%s*q%s*=%s*([%d.]+)") or 1) or 0, exact
    end
  end
  return weight, exactness
end

core.register_converters("prefers_json", function(accept)
  local json, exact_json = wish(accept, "^application/.*json$")
  local html, exact_html = wish(accept, "^text/html$")
  return (json > html or json == html and exact_json > exact_html) and "yes" or "no"
end)
