// Photos in a mini program: made small by WeChat, kept among the user's own files until they are sent.
import { LONGEST, QUALITY, type Device } from './device'

/** Of `wx.getFileSystemManager`, as much as is used here. */
interface Files {
  copyFile: (it: { srcPath: string; destPath: string; success: () => void; fail: (reason: unknown) => void }) => void
  readFile: (it: { filePath: string; success: (it: { data: ArrayBuffer }) => void; fail: (reason: unknown) => void }) => void
  unlink: (it: { filePath: string; complete: () => void }) => void
}

declare const wx: { env: { USER_DATA_PATH: string }; getFileSystemManager: () => Files }

const files = () => wx.getFileSystemManager()
const pathOf = (id: string) => `${wx.env.USER_DATA_PATH}/${id}.jpg`

const sizeOf = (src: string): Promise<{ width: number; height: number }> =>
  new Promise((success, fail) => uni.getImageInfo({ src, success, fail }))

/** The longer side is made shorter; WeChat keeps the other in proportion, and would also make small ones large. */
async function shrunk(src: string): Promise<string> {
  const { width, height } = await sizeOf(src)
  const longer = width >= height ? { compressedWidth: Math.min(width, LONGEST) } : { compressedHeight: Math.min(height, LONGEST) }
  return new Promise((made, fail) => {
    const quality = Math.round(QUALITY * 100)
    uni.compressImage({ src, quality, ...longer, success: it => made(it.tempFilePath), fail })
  })
}

const read = (filePath: string): Promise<ArrayBuffer> =>
  new Promise((got, fail) => files().readFile({ filePath, success: it => got(it.data), fail }))

export const wechat: Device = {
  whole: ({ path }) => read(path),
  async takeIn(path, id) {
    const srcPath = await shrunk(path)
    await new Promise<void>((success, fail) => files().copyFile({ srcPath, destPath: pathOf(id), success, fail }))
  },
  show: id => Promise.resolve(pathOf(id)),
  bytes: id => read(pathOf(id)),
  drop: id => new Promise(complete => files().unlink({ filePath: pathOf(id), complete })),
}
