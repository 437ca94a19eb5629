/** The presses that a task takes: typing is free. */
export function presser() {
  const pressed = [];
  return {
    pressed,
    press: async (what, target) => {
      pressed.push(what);
      await target.click();
    },
  };
}
