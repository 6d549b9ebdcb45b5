/** Makes elements. Everything is text: nothing is ever parsed as HTML. */
export const byId = (id) => document.getElementById(id);

const fill = (made, attributes, children) => {
  for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

export const element = (name, attributes, ...children) =>
  fill(document.createElement(name), attributes, children);

export const svg = (name, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
