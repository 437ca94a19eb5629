/** Pictures as WeChat takes them. */

/** WeChat refuses webp; browsers can redraw it as jpeg, so nobody has to. */
export async function asWechatPicture(file: File): Promise<File> {
  if (file.type !== "image/webp" && !/\.webp$/i.test(file.name)) return file;
  const picture = await createImageBitmap(file);
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  const context = canvas.getContext("2d");
  if (!context) return file;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  if (!blob) return file;
  // As old as what it was made from, so that the same picture drawn anew is known to be the same.
  const { lastModified } = file;
  return new File([blob], file.name.replace(/\.webp$/i, ".jpg"), { type: "image/jpeg", lastModified });
}
